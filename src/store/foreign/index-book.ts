import type { JsonObject } from "../../events/foreign.ts";
import type { Clock } from "../../lib/clock.ts";
import type { ForeignIndex, ForeignTables } from "./foreign-tables.ts";
import { heededSettings, type IndexPlan, planIndex } from "./index-plan.ts";
import { createIndexMapping, type IndexMapping } from "./mapping/index-mapping.ts";
import type { TemplateBook } from "./template-book.ts";

/** An index or data stream of others, as it is now. */
export type IndexState = {
  readonly name: string;
  readonly kind: "stream" | "index";
  readonly createdMs: number;
  readonly settings: JsonObject;
  readonly defaultPipeline: string | undefined;
  readonly finalPipeline: string | undefined;
  /** Aliases that it has from its template, told once it is stored. */
  readonly aliases: JsonObject;
  readonly mapping: IndexMapping;
};

/** All indices of others: those that the tables know, made from what was stored of them when they are first asked for. */
export type IndexBook = {
  /**
   * Resolves when those of earlier runs are known, and those that were in doubt. Rejects as `ForeignTables.indices` does;
   * the next call tries again.
   */
  ready(): Promise<void>;
  get(name: string): IndexState | undefined;
  /** What is durable of an index now. */
  set(state: IndexState): void;
  remove(name: string): void;
  /** Whether what was written of an index was stored is not known: the tables are asked again. */
  doubt(name: string): void;
};

export function createIndexBook({ tables, templates }: { tables: ForeignTables; templates: TemplateBook }): IndexBook {
  const stored = new Map<string, ForeignIndex>();
  const states = new Map<string, IndexState>();
  let loading: Promise<void> | undefined;

  const load = async (): Promise<void> => {
    for (const index of await tables.indices()) if (!states.has(index.name)) stored.set(index.name, index);
  };
  return {
    ready() {
      loading ??= load().catch((error: unknown) => {
        loading = undefined;
        throw error;
      });
      return loading;
    },
    get(name) {
      const known = states.get(name);
      const index = stored.get(name);
      if (known !== undefined || index === undefined) return known;
      const state = stateOf(index, index.settings ?? planIndex(name, templates).settings);
      stored.delete(name);
      states.set(name, state);
      return state;
    },
    set(state) {
      stored.delete(state.name);
      states.set(state.name, state);
    },
    remove(name) {
      stored.delete(name);
      states.delete(name);
    },
    doubt(name) {
      stored.delete(name);
      states.delete(name);
      loading = undefined;
    },
  };
}

/** An index that is not stored yet. Throws Elasticsearch's 400 for a plan that cannot be. */
export function plannedIndex(options: { name: string; plan: IndexPlan; clock: Clock }): IndexState {
  const { name, plan, clock } = options;
  const createdMs = Math.floor(clock.nowUs() / 1000);
  const { kind, settings, mappings, aliases } = plan;
  return { ...stateOf({ name, kind, mapping: mappings, createdMs }, settings), aliases };
}

/** What goes to the tables of an index. */
export function foreignIndex({ name, kind, createdMs, settings, mapping }: IndexState): ForeignIndex {
  return { name, kind, createdMs, settings, mapping: mapping.json() };
}

function stateOf({ name, kind, createdMs, mapping }: ForeignIndex, settings: JsonObject): IndexState {
  const { limits, defaultPipeline, finalPipeline } = heededSettings(settings);
  return {
    name,
    kind,
    createdMs,
    settings,
    defaultPipeline,
    finalPipeline,
    aliases: {},
    mapping: createIndexMapping(mapping, limits),
  };
}
