import { createHash } from "node:crypto";
import { chmod, mkdir, mkdtemp, rename, rm, stat } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";

/** Elasticsearch runs as another user than root, who must be able to read what root fetched. */
const isRoot = process.getuid?.() === 0;
const CACHE =
  process.env["ETHMON_ENGINES_CACHE"] ??
  (isRoot ? "/var/cache/ethmon-engines" : join(homedir(), ".cache", "ethmon-engines"));

/** The folder `name` of the cache, filled once for each content of `key`; readable for all, and whole or not there. */
export async function cached(input: {
  name: string;
  key: string;
  fill(directory: string): Promise<void>;
}): Promise<string> {
  const { name, key, fill } = input;
  const place = join(CACHE, `${name}-${createHash("sha256").update(key).digest("hex").slice(0, 12)}`);
  if (await exists(place)) return place;
  await mkdir(CACHE, { recursive: true });
  const half = await mkdtemp(join(CACHE, ".filling-"));
  try {
    await chmod(half, 0o755);
    await fill(half);
    await rename(half, place).catch(async (error: unknown) => {
      if (!(await exists(place))) throw error;
    });
  } finally {
    await rm(half, { recursive: true, force: true });
  }
  return place;
}

export async function exists(path: string): Promise<boolean> {
  return await stat(path).then(
    () => true,
    () => false,
  );
}
