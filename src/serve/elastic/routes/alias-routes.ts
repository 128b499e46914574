import type { Json } from "../../../events/document.ts";
import type { JsonObject } from "../../../events/foreign.ts";
import { indexNameError } from "../../../events/index-name.ts";
import { illegalArgument, plainRefusal, refusal, validationFailed } from "../../../events/refusal.ts";
import type { Fault } from "../../../lib/fault.ts";
import { wildcard } from "../../../lib/wildcard.ts";
import { INDICES_PARAMETERS, indicesOptionsOf } from "../index-names.ts";
import type { Names } from "../names.ts";
import type { FaceAnswer, FaceRoute } from "../route.ts";
import type { SettingsBook } from "../settings-book.ts";

type Change = { kind: "add" | "remove"; indices: readonly string[]; aliases: readonly string[]; more: JsonObject };

const ACKNOWLEDGED: FaceAnswer = { json: { acknowledged: true } };
const KEPT = ["is_write_index", "is_hidden"];
const STRICT = { ignoreUnavailable: false, allowNoIndices: false, expand: new Set(["open"]) };

/** Aliases, and `_resolve/index`, which tells them beside indices and data streams. */
export function aliasRoutes({ names, settings }: { names: Names; settings: SettingsBook }): readonly FaceRoute[] {
  const apply = async (changes: readonly Change[], signal: AbortSignal) => {
    for (const { kind, indices, aliases, more } of changes) {
      const targets = await names.resolve({ expression: indices.join(","), options: STRICT, signal });
      for (const alias of aliases) {
        const entries = { ...((settings.get("alias", alias)?.["indices"] ?? {}) as JsonObject) } as Record<
          string,
          Json
        >;
        if (kind === "remove" && !targets.some((target) => target in entries)) throw missing(aliases);
        for (const target of targets) {
          if (kind === "add") entries[target] = more;
          else delete entries[target];
        }
        if (Object.keys(entries).length === 0) await settings.delete("alias", alias);
        else await settings.put("alias", alias, { indices: entries });
      }
    }
    return ACKNOWLEDGED;
  };

  return [
    {
      methods: ["GET", "HEAD"],
      paths: ["/_alias", "/_alias/{name}", "/{index}/_alias", "/{index}/_alias/{name}", "/_aliases"],
      parameters: [...INDICES_PARAMETERS, "local", "master_timeout"],
      privilege: "read",
      action: "indices:admin/aliases/get",
      async handle({ path, parameters, signal }) {
        const { index, name } = path;
        const indices = await names.resolve({ expression: index, options: indicesOptionsOf(parameters), signal });
        const wanted = name === undefined ? undefined : name.split(",").map(wildcard);
        const told = indices.map((target): [string, JsonObject] => {
          const own = [...settings.all("alias")].flatMap(([alias, { indices: entries }]): [string, Json][] => {
            const entry = (entries as JsonObject | undefined)?.[target];
            const isWanted = wanted === undefined || wanted.some((matches) => matches(alias) || alias === name);
            return entry === undefined || !isWanted ? [] : [[alias, entry]];
          });
          return [target, Object.fromEntries(own)];
        });
        const shown = told.filter(([, aliases]) => wanted === undefined || Object.keys(aliases).length > 0);
        if (name !== undefined && shown.length === 0 && !name.includes("*")) throw noAlias(name);
        return { json: Object.fromEntries(shown.map(([target, aliases]) => [target, { aliases }])) };
      },
    },
    {
      methods: ["POST"],
      paths: ["/_aliases"],
      parameters: ["timeout", "master_timeout"],
      privilege: "setup",
      action: "indices:admin/aliases",
      handle: async ({ body, signal }) => apply(readActions(await body.object()), signal),
    },
    {
      methods: ["PUT", "POST"],
      paths: ["/{index}/_alias/{name}", "/{index}/_aliases/{name}"],
      parameters: ["timeout", "master_timeout"],
      privilege: "setup",
      action: "indices:admin/aliases",
      handle: async ({ path, body, signal }) => {
        const { index = "", name = "" } = path;
        return apply([changeOf("add", { ...(await body.optionalObject()), index, alias: name })], signal);
      },
    },
    {
      methods: ["DELETE"],
      paths: ["/{index}/_alias/{name}", "/{index}/_aliases/{name}"],
      parameters: ["timeout", "master_timeout"],
      privilege: "setup",
      action: "indices:admin/aliases",
      handle: async ({ path, signal }) => {
        const { index = "", name = "" } = path;
        return apply([changeOf("remove", { index, alias: name })], signal);
      },
    },
    {
      methods: ["GET"],
      paths: ["/_resolve/index/{name}"],
      parameters: [...INDICES_PARAMETERS, "mode"],
      privilege: "read",
      action: "indices:admin/resolve/index",
      async handle({ path, parameters, signal }) {
        const options = indicesOptionsOf(parameters);
        const expression = path["name"] ?? "";
        const found = new Set(await names.resolve({ expression, options, signal }));
        const views = (await names.views(signal)).filter(({ name }) => found.has(name));
        const named = new Set(names.resolveAliases({ expression, options }));
        const aliases = [...names.aliases()].filter(([alias]) => named.has(alias));
        return {
          json: {
            indices: views.filter(({ kind }) => kind === "index").map(({ name }) => ({ name, attributes: ["open"] })),
            aliases: aliases.map(([name, indices]) => ({ name, indices: [...indices].sort() })),
            // A stream is stored under its own name.
            data_streams: views
              .filter(({ kind }) => kind === "data_stream")
              .map(({ name }) => ({ name, backing_indices: [name], timestamp_field: "@timestamp" })),
          },
        };
      },
    },
  ];
}

function readActions(body: JsonObject): readonly Change[] {
  const { actions } = body;
  if (!Array.isArray(actions) || actions.length === 0) throw illegalArgument("No action specified");
  return actions.map((action: Json) => {
    const [kind = "", options] = Object.entries((action ?? {}) as JsonObject)[0] ?? [];
    if (kind === "add" || kind === "remove") return changeOf(kind, (options ?? {}) as JsonObject);
    throw illegalArgument(`[aliases] action [${kind}] is not supported by the embedded store`);
  });
}

function changeOf(kind: "add" | "remove", options: JsonObject): Change {
  const { index, indices, alias, aliases, must_exist: _mustExist, ...rest } = options;
  const strange = Object.keys(rest).find((key) => !KEPT.includes(key));
  if (strange !== undefined) throw illegalArgument(`[${strange}] of an alias is not supported by the embedded store`);
  const change = { kind, indices: wordsOf(indices ?? index), aliases: wordsOf(aliases ?? alias), more: rest };
  if (change.indices.length === 0) throw validationFailed("One of [index] or [indices] is required");
  if (change.aliases.length === 0) throw validationFailed("One of [alias] or [aliases] is required");
  for (const name of change.aliases) {
    const error = indexNameError(name);
    if (error === undefined) continue;
    throw refusal({
      type: "invalid_alias_name_exception",
      reason: error.reason.replace("index name", "alias name"),
      status: 400,
    });
  }
  return change;
}

function wordsOf(value: Json | undefined): readonly string[] {
  const list = Array.isArray(value) ? value : value === undefined ? [] : [value];
  return list.flatMap((word: Json) => (typeof word === "string" ? word.split(",") : []));
}

function noAlias(name: string): Fault {
  return plainRefusal(`alias [${name}] missing`, 404);
}

function missing(aliases: readonly string[]): Fault {
  const list = aliases.join(",");
  return refusal({
    type: "aliases_not_found_exception",
    reason: `aliases [${list}] missing`,
    status: 404,
    more: { "resource.type": "aliases", "resource.id": list },
  });
}
