import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { parseWatch } from "../alert/watch/parse-watch.ts";
import type { Watch } from "../alert/watch.ts";
import type { JsonObject } from "../events/foreign.ts";
import { Fault, isFault, messageOf } from "../lib/fault.ts";

/** A watch in a file; its id is the file's name without `.json`, unless another is given. */
export type WatchFile = { path: string; id: string; watch: Watch; body: JsonObject };

/** Throws `file_unreadable`, and `watch_invalid` with the file and the place in it. */
export async function readWatchFile(path: string, id = basename(path).replace(/\.json$/i, "")): Promise<WatchFile> {
  const body = await readJson(path);
  try {
    const watch = parseWatch({ id, body });
    return { path, id, watch, body: watch.source };
  } catch (error) {
    if (!isFault(error, "watch_invalid")) throw error;
    const { path: place } = error.details;
    const at = typeof place === "string" && place !== "" ? ` at ${place}` : "";
    throw new Fault("watch_invalid", `${path}${at}: ${error.message}`, { details: error.details, cause: error });
  }
}

async function readJson(path: string): Promise<unknown> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (cause) {
    throw new Fault("file_unreadable", `${path} cannot be read.`, { cause });
  }
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Fault("watch_invalid", `${path} is not JSON: ${messageOf(cause)}.`, { cause });
  }
}
