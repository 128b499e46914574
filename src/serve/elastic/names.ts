import type { JsonObject } from "../../events/foreign.ts";
import type { Clock } from "../../lib/clock.ts";
import { type Aliases, type IndicesOptions, resolveIndices } from "./index-names.ts";
import type { IndexView, SearchBackend } from "./search-backend.ts";
import type { SettingsBook } from "./settings-book.ts";

/** What there is by name: the store's indices and data streams, those that were only put yet, and aliases. */
export type Names = {
  views(signal: AbortSignal): Promise<readonly IndexView[]>;
  aliases(): Aliases;
  /** The indices that an expression stands for; throws Elasticsearch's 404. */
  resolve(request: {
    expression: string | undefined;
    options: IndicesOptions;
    signal: AbortSignal;
  }): Promise<readonly string[]>;
  /** The aliases that an expression names, or whose names fit its patterns. */
  resolveAliases(request: { expression: string; options: IndicesOptions }): readonly string[];
};

export function createNames(deps: { search: SearchBackend; settings: SettingsBook; clock: Clock }): Names {
  const { search, settings, clock } = deps;
  const views = async (signal: AbortSignal) => {
    const stored = await search.indices(signal);
    const known = new Set(stored.map(({ name }) => name));
    const put = [...settings.all("data_stream").keys()]
      .filter((name) => !known.has(name))
      .map((name): IndexView => ({ name, kind: "data_stream", documents: 0, bytes: 0 }));
    return [...stored, ...put].sort((a, b) => (a.name < b.name ? -1 : 1));
  };
  const aliases = (): Aliases =>
    new Map(
      [...settings.all("alias")].map(([alias, { indices }]) => [alias, Object.keys((indices ?? {}) as JsonObject)]),
    );
  return {
    views,
    aliases,
    resolve: async ({ expression, options, signal }) =>
      resolveIndices({
        expression,
        views: await views(signal),
        aliases: aliases(),
        options,
        nowMs: clock.nowUs() / 1000,
      }),
    resolveAliases: ({ expression, options }) =>
      resolveIndices({
        expression,
        views: [...aliases().keys()].map((name) => ({ name, kind: "index", documents: 0, bytes: 0 })),
        aliases: new Map(),
        // Most of what an expression names is no alias.
        options: { ...options, ignoreUnavailable: true, allowNoIndices: true },
        nowMs: clock.nowUs() / 1000,
      }),
  };
}
