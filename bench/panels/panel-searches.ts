import { fileURLToPath } from "node:url";
import { fillRequest } from "../../src/panels/fill-request.ts";
import { loadShipped } from "../../src/panels/shipped.ts";
import { DAY_MS, type JsonObject } from "../search/documents/day.ts";
import type { Search } from "../search/search-parts.ts";
import { NETWORK } from "./fill-own.ts";

/** Every shipped panel as it asks for the last 24 hours. */
export function panelSearches(): Search[] {
  const { panels } = loadShipped(fileURLToPath(new URL("../../panels", import.meta.url)));
  return [...panels.values()].map((panel) => {
    const request = (untilMs: number) =>
      fillRequest({ panel, time: { fromMs: untilMs - DAY_MS, toMs: untilMs }, network: NETWORK });
    return { name: panel.id, index: request(0).index, body: (untilMs) => request(untilMs).body as JsonObject };
  });
}
