import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { JsonObject } from "../document/json.ts";

/** The pipeline that finds out by itself which client a line is of. */
export const clientLogsPipeline = "ethmon-client-logs";

/** Beside `src` in a checkout, beside `dist` when built. */
const DIRECTORY = fileURLToPath(new URL("../../../pipelines/", import.meta.url));

/** The pipelines that come with the program, by name: the files of `pipelines/`. */
export function readShippedPipelines(): ReadonlyMap<string, JsonObject> {
  return new Map(
    readdirSync(DIRECTORY)
      .filter((file) => file.endsWith(".json"))
      .sort()
      .map((file) => [file.slice(0, -".json".length), JSON.parse(readFileSync(`${DIRECTORY}${file}`, "utf8"))]),
  );
}
