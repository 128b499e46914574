import type { IndexAdmin } from "../../events/foreign.ts";
import { indexNameError } from "../../events/index-name.ts";
import { illegalArgument, indexNotFound, refusal } from "../../events/refusal.ts";
import type { Clock } from "../../lib/clock.ts";
import type { ForeignTables } from "./foreign-tables.ts";
import { foreignIndex, type IndexBook, type IndexState, plannedIndex } from "./index-book.ts";
import { planIndex, withRequest } from "./index-plan.ts";
import { writeBlocked } from "./item-failures.ts";
import type { KnownIds } from "./known-ids.ts";
import type { Lane } from "./lane.ts";
import { isOwnIndex } from "./own-indices.ts";
import type { TemplateBook } from "./template-book.ts";

/** Makes, changes and removes indices of others, each while nothing is written to it. */
export function createIndexAdmin(deps: {
  tables: ForeignTables;
  templates: TemplateBook;
  book: IndexBook;
  ids: KnownIds;
  laneOf: (name: string) => Lane;
  plan: (name: string) => IndexState;
  onMade: (state: IndexState) => Promise<void>;
  clock: Clock;
}): IndexAdmin {
  const { tables, templates, book, ids, laneOf, plan, onMade, clock } = deps;

  const store = async (state: IndexState, isNew: boolean): Promise<void> => {
    await tables.append({ indices: [foreignIndex(state)], records: [] });
    book.set(state);
    if (isNew) await onMade(state);
  };
  const make = (name: string, state: () => IndexState): Promise<void> =>
    laneOf(name).alone(async () => {
      const known = book.get(name);
      if (known !== undefined) throw alreadyExists(known);
      await store(state(), true);
    });
  const existing = (name: string): IndexState => {
    refuseOwn(name);
    const state = book.get(name);
    if (state === undefined) throw indexNotFound(name);
    return state;
  };

  return {
    async createIndex({ name, ...request }) {
      checkName(name);
      await book.ready();
      const planned = planIndex(name, templates);
      if (planned.kind === "stream" && planned.template !== undefined) {
        throw illegalArgument(
          `cannot create index with name [${name}], because it matches with template [${planned.template}] that creates data streams only, use create data stream api instead`,
        );
      }
      await make(name, () => plannedIndex({ name, plan: { ...withRequest(planned, request), kind: "index" }, clock }));
    },
    async createStream(name) {
      checkName(name);
      await book.ready();
      const { kind, template } = planIndex(name, templates);
      if (kind !== "stream" && template === undefined) {
        throw illegalArgument(`no matching index template found for data stream [${name}]`);
      }
      if (kind !== "stream") {
        throw illegalArgument(
          `matching index template [${template}] for data stream [${name}] has no data stream template`,
        );
      }
      await make(name, () => plan(name));
    },
    async remove(name) {
      await book.ready();
      existing(name);
      await laneOf(name).alone(async () => {
        existing(name);
        await tables.drop(name);
        ids.forget(name);
        book.remove(name);
      });
    },
    async putMapping({ name, mapping }) {
      await book.ready();
      existing(name);
      await laneOf(name).alone(async () => {
        const state = existing(name);
        await store({ ...state, mapping: state.mapping.merged(mapping) }, false);
      });
    },
    async settings(name) {
      await book.ready();
      return book.get(name)?.settings;
    },
  };
}

function checkName(name: string): void {
  const error = indexNameError(name);
  if (error !== undefined) throw refusal({ ...error, status: 400 });
  refuseOwn(name);
}

function refuseOwn(name: string): void {
  if (!isOwnIndex(name)) return;
  const { error, status } = writeBlocked(name);
  throw refusal({ ...error, status });
}

function alreadyExists({ name, kind }: IndexState): Error {
  const reason = kind === "stream" ? `data_stream [${name}] already exists` : `index [${name}/_na_] already exists`;
  return refusal({
    type: "resource_already_exists_exception",
    reason,
    status: 400,
    more: { index_uuid: "_na_", index: name },
  });
}
