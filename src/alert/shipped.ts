import { readdirSync, readFileSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { Fault, messageOf } from "../lib/fault.ts";
import { parseWatch } from "./watch/parse-watch.ts";
import type { Watch } from "./watch.ts";

/**
 * Reads a watch from a file, or those of all `*.json` of a directory; a watch's id is its file's name. Throws
 * `watch_invalid` with the file's name.
 */
export function readWatchFiles(path: string): Watch[] {
  return filesOf(path).map((file) => {
    try {
      return parseWatch({ id: basename(file, ".json"), body: JSON.parse(readFileSync(file, "utf8")) as unknown });
    } catch (error) {
      throw unreadable(file, error);
    }
  });
}

function filesOf(path: string): string[] {
  try {
    if (!statSync(path).isDirectory()) return [path];
    const names = readdirSync(path).filter((name) => name.endsWith(".json"));
    return names.sort().map((name) => join(path, name));
  } catch (error) {
    throw unreadable(path, error);
  }
}

function unreadable(path: string, error: unknown): Fault {
  const details = error instanceof Fault ? error.details : {};
  return new Fault("watch_invalid", `${path}: ${messageOf(error)}`, { cause: error, details });
}
