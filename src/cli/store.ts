import { type Command, Option } from "commander";
import { defaultDataDirectory } from "../config/load.ts";
import { catalogue } from "../events/catalogue.ts";
import { schemas } from "../serve/api/schemas.ts";
import { storeView } from "../serve/store-view.ts";
import type { StoreView } from "../serve/views.ts";
import { askRunning, findRunning } from "./ask-running.ts";
import { stopSignal } from "./stop-signal.ts";
import { addStoreCheck } from "./store-check.ts";
import { addStoreCopy } from "./store-copy.ts";
import { storeTable } from "./store-table.ts";

type Options = { json?: true; data?: string; url?: string };

export function addStore(program: Command): void {
  const store = program.command("store").description("The store: what it holds and what it takes.");
  store
    .command("stats")
    .description("Rows, days and bytes of every dataset, what the files take, and how long documents are kept.")
    .option("--json", "print one JSON object, as GET /api/v1/store answers it")
    .option("--data <directory>", "the data directory; a program that uses it is asked, else its files are read")
    .addOption(new Option("--url <url>", "the address of a running ethmon").conflicts("data"))
    .action(async ({ json, data, url }: Options) => {
      const { signal, close } = stopSignal();
      try {
        const view = await (url === undefined
          ? ofDirectory(data ?? defaultDataDirectory(process.env), signal)
          : ofRunning(url, signal));
        process.stdout.write(json ? `${JSON.stringify(view)}\n` : storeTable(view));
      } finally {
        close();
      }
    });
  addStoreCopy(store);
  addStoreCheck(store);
}

/** Two processes cannot open the database, not even to read: while a program runs on it, that one is asked. */
async function ofDirectory(directory: string, signal: AbortSignal): Promise<StoreView> {
  const url = await findRunning(directory);
  if (url !== undefined) return ofRunning(url, signal);
  const { readClosedStore } = await import("../store/embedded/closed-store.ts");
  return storeView(await readClosedStore({ directory, datasets: catalogue }), { state: "closed" });
}

async function ofRunning(base: string, signal: AbortSignal): Promise<StoreView> {
  return askRunning({ base, path: "/api/v1/store", schema: schemas.Store, signal });
}
