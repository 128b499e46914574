import type { Json } from "../../../events/document.ts";
import type { JsonObject } from "../../../events/foreign.ts";
import { illegalArgument, validationFailed } from "../../../events/refusal.ts";
import { readDurationMs } from "../../../events/time-value.ts";
import type { Clock } from "../../../lib/clock.ts";
import { wildcard } from "../../../lib/wildcard.ts";
import type { KeyCredential } from "../../access/credential-files.ts";
import { isUsable, type KeyStore, ownerOf } from "../../access/key-store.ts";
import { isRole, type Principal, ROLES, type Role } from "../../access/roles.ts";
import type { FaceRequest, FaceRoute } from "../route.ts";

/** API keys in Elasticsearch's form, and who one is. */
export function securityRoutes({ keys, clock }: { keys: KeyStore; clock: Clock }): readonly FaceRoute[] {
  const selected = async (choice: Choice, principal: Principal) => {
    const owner = ownerOf(principal);
    return (await keys.keys()).filter(
      (key) =>
        (choice.ids === undefined || choice.ids.includes(key.id)) &&
        (choice.name === undefined || wildcard(choice.name)(key.name)) &&
        (choice.username === undefined || key.owner === choice.username) &&
        (!choice.owner || key.owner === owner),
    );
  };
  return [
    {
      methods: ["GET"],
      paths: ["/_security/_authenticate"],
      privilege: "monitor",
      action: "cluster:admin/xpack/security/user/authenticate",
      handle: ({ principal }) => ({ json: whoIs(principal) }),
    },
    {
      methods: ["PUT", "POST"],
      paths: ["/_security/api_key"],
      parameters: ["refresh"],
      privilege: "manage",
      action: "cluster:admin/xpack/security/api_key/create",
      async handle({ body, principal }) {
        const { name, expiration, role_descriptors: descriptors = {}, metadata, ...strange } = await body.object();
        const [unknown] = Object.keys(strange);
        if (unknown !== undefined) throw illegalArgument(`[api_key_request] unknown field [${unknown}]`);
        if (typeof name !== "string" || name === "") throw validationFailed("api key name is required");
        if (metadata !== undefined && !isObject(metadata)) throw illegalArgument("[metadata] must be an object");
        const expiresMs =
          expiration === undefined || expiration === null
            ? undefined
            : clock.nowUs() / 1000 + readDurationMs(String(expiration), "expiration");
        const { id, secret } = await keys.createKey({
          name,
          role: roleOf(descriptors, principal),
          owner: ownerOf(principal),
          ...(expiresMs === undefined ? {} : { expiresMs }),
          ...(metadata === undefined ? {} : { metadata }),
        });
        return {
          json: {
            id,
            name,
            ...(expiresMs === undefined ? {} : { expiration: Math.floor(expiresMs) }),
            api_key: secret,
            encoded: Buffer.from(`${id}:${secret}`).toString("base64"),
          },
        };
      },
    },
    {
      methods: ["GET"],
      paths: ["/_security/api_key"],
      parameters: [
        "id",
        "name",
        "owner",
        "username",
        "active_only",
        "realm_name",
        "with_limited_by",
        "with_profile_uid",
      ],
      privilege: "manage",
      action: "cluster:admin/xpack/security/api_key/get",
      async handle({ parameters, principal }) {
        const found = await selected(choiceOf(parameters), principal);
        const onlyActive = parameters.flag("active_only") ?? false;
        const nowMs = clock.nowUs() / 1000;
        return { json: { api_keys: found.filter((key) => !onlyActive || isUsable(key, nowMs)).map(keyAnswer) } };
      },
    },
    {
      methods: ["DELETE"],
      paths: ["/_security/api_key"],
      privilege: "manage",
      action: "cluster:admin/xpack/security/api_key/invalidate",
      async handle({ body, principal }) {
        const told = await body.object();
        const { ids, id, name, username, owner } = told;
        if (ids === undefined && id === undefined && name === undefined && username === undefined && owner !== true) {
          throw validationFailed(
            "One of [api key id, api key name, username, realm name] must be specified if [owner] flag is false",
          );
        }
        const choice: Choice = {
          ids: ids === undefined && id === undefined ? undefined : wordsOf(ids ?? id),
          name: typeof name === "string" ? name : undefined,
          username: typeof username === "string" ? username : undefined,
          owner: owner === true,
        };
        const revoked: string[] = [];
        const before: string[] = [];
        for (const key of await selected(choice, principal)) {
          ((await keys.revoke(key.id)) === "revoked" ? revoked : before).push(key.id);
        }
        return { json: { invalidated_api_keys: revoked, previously_invalidated_api_keys: before, error_count: 0 } };
      },
    },
  ];
}

type Choice = {
  ids: readonly string[] | undefined;
  name: string | undefined;
  username: string | undefined;
  owner: boolean;
};

function choiceOf(parameters: FaceRequest["parameters"]): Choice {
  return {
    ids: parameters.list("id"),
    name: parameters.text("name"),
    username: parameters.text("username"),
    owner: parameters.flag("owner") ?? false,
  };
}

/** A key has one of this server's roles, named by its descriptor; none gives it its maker's. */
function roleOf(descriptors: Json, principal: Principal): Role {
  const names = isObject(descriptors) ? Object.keys(descriptors) : [];
  const [name] = names;
  if (name === undefined) return principal.role;
  if (names.length === 1 && isRole(name)) return name;
  throw illegalArgument(
    `[role_descriptors] must name one of [${ROLES.join(", ")}]: this server has these roles alone, found [${names.join(", ")}]`,
  );
}

function keyAnswer(key: KeyCredential): JsonObject {
  const { id, name, createdMs, expiresMs, revokedMs, owner, role, metadata } = key;
  return {
    id,
    name,
    type: "rest",
    creation: Math.floor(createdMs),
    ...(expiresMs === undefined ? {} : { expiration: Math.floor(expiresMs) }),
    invalidated: revokedMs !== undefined,
    ...(revokedMs === undefined ? {} : { invalidation: Math.floor(revokedMs) }),
    username: owner,
    realm: "ethmon",
    metadata: (metadata ?? {}) as JsonObject,
    role_descriptors: { [role]: {} },
  };
}

function whoIs(principal: Principal): JsonObject {
  const isKey = principal.kind === "key";
  const type = isKey ? "api_key" : principal.kind === "user" ? "realm" : "anonymous";
  const realm = { name: isKey ? "_es_api_key" : "ethmon", type: isKey ? "_es_api_key" : "ethmon" };
  return {
    username: ownerOf(principal),
    roles: [principal.role],
    full_name: null,
    email: null,
    metadata: {},
    enabled: true,
    authentication_realm: realm,
    lookup_realm: realm,
    authentication_type: type,
    ...(isKey ? { api_key: { id: principal.id, name: principal.name } } : {}),
  };
}

function wordsOf(value: Json | undefined): readonly string[] {
  const list = Array.isArray(value) ? value : value === undefined ? [] : [value];
  return list.map(String);
}

function isObject(value: Json): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
