import type { Json } from "../../events/document.ts";
import type { Clock } from "../../lib/clock.ts";
import { Fault } from "../../lib/fault.ts";
import { type Credential, createCredentialFiles, type KeyCredential, type UserCredential } from "./credential-files.ts";
import type { Principal, Role } from "./roles.ts";
import { hashPassword, hashSecret, newKey } from "./secrets.ts";

/** An API key as it is told once, at its making. */
export type CreatedKey = { id: string; name: string; role: Role; secret: string; expiresMs?: number };

export type KeyStore = {
  createKey(request: {
    name: string;
    role: Role;
    owner: string;
    expiresMs?: number;
    metadata?: { readonly [key: string]: Json };
  }): Promise<CreatedKey>;
  /** Every key that was ever made, revoked and expired ones too, oldest first. */
  keys(): Promise<readonly KeyCredential[]>;
  users(): Promise<readonly UserCredential[]>;
  /** Makes a user, or gives one another password and role. Throws `user_name_invalid`, `password_too_short`. */
  putUser(user: { name: string; password: string; role: Role }): Promise<void>;
  /** Revokes a key by its id, or removes a user by its name; `unknown` when there is neither. */
  revoke(idOrName: string): Promise<"revoked" | "revoked before" | "unknown">;
  key(id: string): Promise<KeyCredential | undefined>;
  user(name: string): Promise<UserCredential | undefined>;
  /** Whether anybody could log in now. */
  hasCredentials(): Promise<boolean>;
  /** Whether there is no credential at all, not even a revoked key. */
  isEmpty(): Promise<boolean>;
};

/** What another process changes is seen after this time at the latest, microseconds. */
const LOOK_EVERY_US = 1_000_000;
/** Two changes may fall into one tick of a file system's clock: a version this fresh is not believed, milliseconds. */
const FRESH_MS = 2_000;
const MIN_PASSWORD_LENGTH = 8;

/** The API keys and users of a data directory. */
export function createKeyStore(deps: { dataDirectory: string; clock: Clock }): KeyStore {
  const { clock } = deps;
  const files = createCredentialFiles(deps.dataDirectory);
  let known: readonly Credential[] | undefined;
  let knownVersion: number | undefined;
  let lookedAtUs = Number.NEGATIVE_INFINITY;
  let looking: Promise<readonly Credential[]> | undefined;
  const nowMs = () => clock.nowUs() / 1000;

  const look = async () => {
    const version = await files.version();
    const isFresh = version !== undefined && Math.abs(nowMs() - version) < FRESH_MS;
    if (known === undefined || version !== knownVersion || isFresh) known = await files.read();
    knownVersion = version;
    lookedAtUs = clock.monoUs();
    return known;
  };
  const all = (): Promise<readonly Credential[]> => {
    if (known !== undefined && clock.monoUs() - lookedAtUs < LOOK_EVERY_US) return Promise.resolve(known);
    looking ??= look().finally(() => {
      looking = undefined;
    });
    return looking;
  };
  const write = async (credential: Credential) => {
    await files.write(credential);
    known = undefined;
  };

  const keys = async () =>
    (await all()).filter((credential) => credential.kind === "key").sort((a, b) => a.createdMs - b.createdMs);
  const users = async () => (await all()).filter((credential) => credential.kind === "user");
  const key = async (id: string) => (await keys()).find((credential) => credential.id === id);
  const user = async (name: string) => (await users()).find((credential) => credential.name === name);

  return {
    keys,
    users,
    key,
    user,
    async createKey({ name, role, owner, expiresMs, metadata }) {
      const { id, secret } = newKey();
      const expiry = expiresMs === undefined ? {} : { expiresMs };
      const about = metadata === undefined ? {} : { metadata: { ...metadata } };
      const hash = hashSecret(secret);
      await write({
        kind: "key",
        id,
        name,
        role,
        hash,
        createdMs: nowMs(),
        owner,
        ...expiry,
        ...about,
      } as KeyCredential);
      return { id, name, role, secret, ...expiry };
    },
    async putUser({ name, password, role }) {
      if (!/^[A-Za-z0-9._@-]{1,128}$/.test(name)) {
        throw new Fault(
          "user_name_invalid",
          "A user's name holds letters, digits, '.', '_', '@' and '-', at most 128.",
        );
      }
      if (password.length < MIN_PASSWORD_LENGTH) {
        throw new Fault("password_too_short", `A password has at least ${MIN_PASSWORD_LENGTH} characters.`);
      }
      await write({ kind: "user", name, role, passwordHash: await hashPassword(password), createdMs: nowMs() });
    },
    async revoke(idOrName) {
      const found = await key(idOrName);
      if (found !== undefined) {
        if (found.revokedMs !== undefined) return "revoked before";
        await write({ ...found, revokedMs: nowMs() });
        return "revoked";
      }
      const named = await user(idOrName);
      if (named === undefined) return "unknown";
      await files.delete(named);
      known = undefined;
      return "revoked";
    },
    isEmpty: async () => (await all()).length === 0,
    async hasCredentials() {
      return (await all()).some((credential) => credential.kind === "user" || isUsable(credential, nowMs()));
    },
  };
}

export function isUsable(key: KeyCredential, nowMs: number): boolean {
  return key.revokedMs === undefined && (key.expiresMs === undefined || key.expiresMs > nowMs);
}

/** The name of whoever makes a key. */
export function ownerOf(principal: Principal): string {
  return principal.kind === "anonymous" ? "anonymous" : principal.name;
}
