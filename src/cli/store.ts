import { type Command, Option } from "commander";
import { defaultDataDirectory } from "../config/load.ts";
import { catalogue } from "../events/catalogue.ts";
import { Fault } from "../lib/fault.ts";
import { schemas } from "../serve/api/schemas.ts";
import { storeView } from "../serve/store-view.ts";
import type { StoreView } from "../serve/views.ts";
import { findHolder } from "../store/embedded/lock.ts";
import { stopSignal } from "./stop-signal.ts";
import { addStoreCheck } from "./store-check.ts";
import { addStoreCopy } from "./store-copy.ts";
import { storeTable } from "./store-table.ts";

type Options = { json?: true; data?: string; url?: string };

/** Counting takes some four seconds for ten gigabytes, and twenty are kept by default. */
const ANSWER_LIMIT_MS = 60_000;

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
  const holder = await findHolder(directory);
  if (holder === undefined) {
    const { readClosedStore } = await import("../store/embedded/closed-store.ts");
    return storeView(await readClosedStore({ directory, datasets: catalogue }), { state: "closed" });
  }
  if (holder.url !== undefined) return ofRunning(holder.url, signal);
  const sentence = `The ethmon of process ${holder.pid} uses ${directory} and does not listen yet.`;
  throw new Fault("store_in_use", sentence, { retry: "retryable" });
}

async function ofRunning(base: string, signal: AbortSignal): Promise<StoreView> {
  if (!URL.canParse("/api/v1/store", base)) throw new Fault("url_invalid", `${base} is not a URL.`);
  const url = new URL("/api/v1/store", base);
  const { status, body } = await getJson(url, signal);
  const view = schemas.Store.safeParse(body);
  if (status === 200 && view.success) return view.data;
  const refusal = schemas.Error.safeParse(body);
  if (!refusal.success) throw new Fault("answer_invalid", `What answers at ${url.origin} is not this ethmon.`);
  const { code, message, retry } = refusal.data.error;
  throw new Fault(code, message, { retry: retry ? "retryable" : "final" });
}

async function getJson(url: URL, signal: AbortSignal): Promise<{ status: number; body: unknown }> {
  try {
    const response = await fetch(url, { signal: AbortSignal.any([signal, AbortSignal.timeout(ANSWER_LIMIT_MS)]) });
    const text = await response.text();
    return { status: response.status, body: parsed(text) };
  } catch (cause) {
    if (signal.aborted) throw signal.reason;
    throw new Fault("server_unreachable", `No ethmon answers at ${url.origin}.`, { retry: "retryable", cause });
  }
}

/** Undefined for what is no JSON. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
