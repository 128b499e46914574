import type { ForeignItem, JsonObject } from "../../src/events/foreign.ts";
import { createPipelines, type Pipelines } from "../../src/ingest/pipelines.ts";
import { systemClock } from "../../src/lib/clock.ts";
import { silentLog } from "../../src/lib/log.ts";
import { createForeignSink, type ForeignStore } from "../../src/store/foreign/foreign-sink.ts";
import type { TemplateBook } from "../../src/store/foreign/template-book.ts";
import { createMemoryTables, type MemoryTables } from "./memory-tables.ts";

export type Sections = Record<
  "index_template" | "component_template" | "legacy_template" | "alias",
  Map<string, JsonObject>
>;

export type ForeignRigOptions = Partial<
  Omit<Parameters<typeof createForeignSink>[0], "tables" | "templates" | "pipelines">
> & { memory?: MemoryTables; sections?: Sections; book?: TemplateBook };

export type ForeignRig = {
  sink: ForeignStore;
  tables: MemoryTables;
  templates: Sections;
  pipelines: Pipelines;
  /** The same after the process was killed: what was durable is there, and nothing else. */
  restarted(options?: ForeignRigOptions): ForeignRig;
};

/** A sink over tables in memory, with real pipelines. */
export function createForeignRig(options: ForeignRigOptions = {}): ForeignRig {
  const { memory: tables = createMemoryTables(), sections, book, ...rest } = options;
  const templates: Sections = sections ?? {
    index_template: new Map(),
    component_template: new Map(),
    legacy_template: new Map(),
    alias: new Map(),
  };
  const clock = systemClock();
  const pipelines = createPipelines({ nowUs: clock.nowUs });
  const sink = createForeignSink({
    pipelines,
    clock,
    log: silentLog,
    ...rest,
    tables,
    templates: book ?? {
      all: (section) => templates[section],
      put: async (section, name, value) => {
        templates[section].set(name, value);
      },
    },
  });
  return {
    sink,
    tables,
    templates,
    pipelines,
    restarted: (more = {}) =>
      createForeignRig({
        ...rest,
        ...more,
        sections: templates,
        memory: createMemoryTables({ journal: tables.journal }),
      }),
  };
}

/** An item as `_bulk` makes it of an action and a document's text. */
export function itemOf(
  action: ForeignItem["action"],
  index: string,
  source: JsonObject = {},
  more: Partial<ForeignItem> = {},
): ForeignItem {
  const text = action === "index" || action === "create" ? { text: JSON.stringify(source) } : {};
  return { action, index, source, ...text, receivedAtUs: 1_764_000_000_000_000, ...more };
}
