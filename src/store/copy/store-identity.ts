import { randomUUID } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Fault } from "../../lib/fault.ts";

/** What tells a data directory from any other, also when it is moved: a name that is made once. */
export async function directoryIdentity(directory: string): Promise<string> {
  const path = join(directory, "store-id");
  const known = await readFile(path, "utf8").catch(() => "");
  if (known.trim() !== "") return known.trim();
  const name = randomUUID();
  try {
    await mkdir(directory, { recursive: true });
    await writeFile(path, `${name}\n`, { flush: true });
  } catch (cause) {
    throw new Fault("data_directory_unwritable", `The data directory ${directory} cannot be written.`, { cause });
  }
  return name;
}
