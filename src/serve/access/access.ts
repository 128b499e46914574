import { createHmac, randomBytes } from "node:crypto";
import type { Clock } from "../../lib/clock.ts";
import { tooManyPasswords, unauthenticated, unauthorized } from "./access-refusals.ts";
import { isUsable, type KeyStore } from "./key-store.ts";
import { grants, type Principal, type Privilege, type Role } from "./roles.ts";
import { hashPassword, hashSecret, isPassword, isSecret } from "./secrets.ts";

/** Whom a server lets in. */
export type Access = {
  /**
   * Who sends a request, by its `Authorization` header. Throws Elasticsearch's 401 for wrong credentials, and for none
   * where they are needed.
   */
  authenticate(request: { authorization: string | undefined; uri: string }): Promise<Principal>;
  /** Throws Elasticsearch's 403. */
  authorize(principal: Principal, wanted: { privilege: Privilege; action: string }): void;
};

/** A password that was right is not derived anew for this time, microseconds: scrypt takes a tenth of a second. */
const REMEMBER_US = 60_000_000;
const MAX_REMEMBERED = 1_000;
/** So many passwords are derived at once and wait for it; more are told to come again. */
const MAX_DERIVING = 8;

/**
 * Without a word on `anonymous`, requests without credentials may do everything as long as there never were any and only
 * this machine is listened to, and nothing from then on: that the last key is revoked opens no door.
 */
export function createAccess(deps: {
  store: KeyStore;
  clock: Clock;
  isLoopback: boolean;
  anonymous?: Role | "none" | undefined;
}): Access {
  const { store, clock, isLoopback, anonymous } = deps;
  const passwords = createPasswordMemory(clock);
  const wrong = () =>
    unauthenticated(
      "unable to authenticate with provided credentials and anonymous access is not allowed for this request",
    );

  const byKey = async (credentials: string): Promise<Principal> => {
    const [id = "", secret = ""] = splitOnce(credentials);
    const key = await store.key(id);
    // A key that does not exist takes as long as one that does.
    const isRight = isSecret(secret, key?.hash ?? hashSecret(""));
    if (key === undefined || !isRight || !isUsable(key, clock.nowUs() / 1000)) throw wrong();
    return { kind: "key", id: key.id, name: key.name, role: key.role };
  };
  const byPassword = async (credentials: string, uri: string): Promise<Principal> => {
    const [name = "", password = ""] = splitOnce(credentials);
    const user = await store.user(name);
    const isRight = await passwords.isRight(password, user?.passwordHash);
    if (user === undefined || !isRight) {
      throw unauthenticated(`unable to authenticate user [${name.slice(0, 128)}] for REST request [${uri}]`);
    }
    return { kind: "user", name: user.name, role: user.role };
  };

  return {
    async authenticate({ authorization, uri }) {
      if (authorization === undefined || authorization === "") {
        const role = anonymous ?? (isLoopback && (await store.isEmpty()) ? "admin" : "none");
        if (role !== "none") return { kind: "anonymous", role };
        throw unauthenticated(`missing authentication credentials for REST request [${uri}]`);
      }
      const [, scheme = "", encoded = ""] = /^(\S+)\s+(\S+)$/.exec(authorization) ?? [];
      const credentials = Buffer.from(encoded, "base64").toString("utf8");
      switch (scheme.toLowerCase()) {
        case "apikey":
          return byKey(credentials);
        case "basic":
          return byPassword(credentials, uri);
        default:
          throw wrong();
      }
    },
    authorize(principal, { privilege, action }) {
      if (!grants(principal.role, privilege)) throw unauthorized(principal, action);
    },
  };
}

function splitOnce(credentials: string): readonly string[] {
  const colon = credentials.indexOf(":");
  return colon < 0 ? [credentials] : [credentials.slice(0, colon), credentials.slice(colon + 1)];
}

/** Remembers passwords that were right by a digest under a key of this process. */
function createPasswordMemory(clock: Clock) {
  const key = randomBytes(32);
  const remembered = new Map<string, number>();
  const decoy = hashPassword(randomBytes(16).toString("base64url"));
  let deriving = 0;
  return {
    async isRight(password: string, hash: string | undefined): Promise<boolean> {
      const digest = createHmac("sha256", key)
        .update(`${hash ?? ""}\0${password}`)
        .digest("base64url");
      const atUs = remembered.get(digest);
      if (atUs !== undefined && clock.monoUs() - atUs < REMEMBER_US) return true;
      if (deriving >= MAX_DERIVING) throw tooManyPasswords();
      deriving += 1;
      try {
        const isRight = await isPassword(password, hash ?? (await decoy));
        if (!isRight || hash === undefined) return false;
      } finally {
        deriving -= 1;
      }
      remembered.set(digest, clock.monoUs());
      const [oldest] = remembered.keys();
      if (remembered.size > MAX_REMEMBERED && oldest !== undefined) remembered.delete(oldest);
      return true;
    },
  };
}
