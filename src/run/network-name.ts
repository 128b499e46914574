import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Chain } from "../chain/chain.ts";
import { Fault } from "../lib/fault.ts";

const FILE = "networks.json";
const SUFFIX_DIGITS = 8;

/**
 * The chain under the name that its documents have in this data directory. A network is its genesis validators root:
 * a second one of the same `CONFIG_NAME` (a devnet that was begun anew, say) gets a suffix of that root, so that the
 * two never mix. Which root has which name is kept in `networks.json`. Throws `data_directory_unwritable`.
 */
export async function nameNetwork(directory: string, chain: Chain): Promise<Chain> {
  const root = chain.genesisValidatorsRoot ?? `genesis at ${chain.genesisTimeS}`;
  try {
    await mkdir(directory, { recursive: true });
    const names = await readNames(join(directory, FILE));
    const known = names[root];
    if (known !== undefined) return { ...chain, network: known };
    const isTaken = Object.values(names).includes(chain.network);
    const network = isTaken ? `${chain.network}_${suffixOf(chain)}` : chain.network;
    const draft = join(directory, `${FILE}.${process.pid}`);
    await writeFile(draft, `${JSON.stringify({ ...names, [root]: network }, null, 1)}\n`);
    await rename(draft, join(directory, FILE));
    return { ...chain, network };
  } catch (cause) {
    throw new Fault("data_directory_unwritable", `The data directory ${directory} cannot be written.`, { cause });
  }
}

function suffixOf({ genesisValidatorsRoot, genesisTimeS }: Chain): string {
  return genesisValidatorsRoot?.slice(2, 2 + SUFFIX_DIGITS) ?? String(genesisTimeS);
}

async function readNames(path: string): Promise<Record<string, string>> {
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return "{}";
    throw error;
  });
  return JSON.parse(text) as Record<string, string>;
}
