import { mkdir, readdir, readFile, stat, unlink } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { writeFileAtomically } from "../../lib/atomic-file.ts";
import { Fault } from "../../lib/fault.ts";
import { ROLES } from "./roles.ts";

const keySchema = z.strictObject({
  kind: z.literal("key"),
  id: z.string().regex(/^[A-Za-z0-9_-]{1,64}$/),
  name: z.string(),
  role: z.enum(ROLES),
  hash: z.string(),
  createdMs: z.number(),
  expiresMs: z.number().optional(),
  revokedMs: z.number().optional(),
  /** Who made it. */
  owner: z.string(),
  metadata: z.record(z.string(), z.json()).optional(),
});

const userSchema = z.strictObject({
  kind: z.literal("user"),
  name: z.string().regex(/^[A-Za-z0-9._@-]{1,128}$/),
  role: z.enum(ROLES),
  passwordHash: z.string(),
  createdMs: z.number(),
});

const credentialSchema = z.discriminatedUnion("kind", [keySchema, userSchema]);

export type KeyCredential = z.output<typeof keySchema>;
export type UserCredential = z.output<typeof userSchema>;
export type Credential = KeyCredential | UserCredential;

export type CredentialFiles = {
  /** Throws `access_unreadable` for a file that is none of ours. */
  read(): Promise<readonly Credential[]>;
  /** Changes whenever a credential does; undefined while there is none. */
  version(): Promise<number | undefined>;
  write(credential: Credential): Promise<void>;
  delete(credential: Credential): Promise<void>;
};

/**
 * Credentials in a folder of the data directory, one file each, readable by their owner alone. A file is written whole
 * or not at all, so the program and `ethmon key` can both change them without waiting for one another.
 */
export function createCredentialFiles(dataDirectory: string): CredentialFiles {
  const folder = join(dataDirectory, "access");
  const pathOf = (credential: Credential) =>
    join(folder, credential.kind === "key" ? `key-${credential.id}.json` : `user-${credential.name}.json`);
  return {
    async read() {
      const names = await readdir(folder).catch(noneIfMissing);
      const found = await Promise.all(
        (names ?? []).filter((name) => name.endsWith(".json")).map((name) => readOne(join(folder, name))),
      );
      return found.filter((credential) => credential !== undefined);
    },
    version: async () => (await stat(folder).catch(noneIfMissing))?.mtimeMs,
    async write(credential) {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      await writeFileAtomically(pathOf(credential), `${JSON.stringify(credential)}\n`);
    },
    async delete(credential) {
      await unlink(pathOf(credential)).catch(noneIfMissing);
    },
  };
}

async function readOne(path: string): Promise<Credential | undefined> {
  const text = await readFile(path, "utf8").catch(noneIfMissing);
  if (text === undefined) return undefined;
  try {
    return credentialSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new Fault("access_unreadable", `${path} is no credential of ethmon: repair or remove it.`, { cause });
  }
}

/** Another process may have removed it since. */
function noneIfMissing(error: unknown): undefined {
  if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
  throw error;
}
