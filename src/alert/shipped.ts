import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Fault, messageOf } from "../lib/fault.ts";
import type { Watch } from "./watch.ts";
import { parseWatch } from "./watch/parse-watch.ts";

/**
 * Reads `*.json` of a directory as watches, each with its file's name as id, by id. Throws `watch_invalid` with the
 * file's name.
 */
export function loadWatches(directory: string): Watch[] {
  return list(directory)
    .filter((name) => name.endsWith(".json"))
    .sort()
    .map((name) => {
      const path = join(directory, name);
      try {
        return parseWatch({ id: name.slice(0, -".json".length), body: JSON.parse(readFileSync(path, "utf8")) });
      } catch (error) {
        throw invalid(path, error);
      }
    });
}

function list(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch (error) {
    throw invalid(directory, error);
  }
}

function invalid(path: string, error: unknown): Fault {
  return new Fault("watch_invalid", `${path}: ${messageOf(error)}`);
}
