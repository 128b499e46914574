import { documentOf, fieldOf } from "../../events/record.ts";
import { type SavedKind, type SavedRecord, savedDataset } from "../../events/saved.ts";
import type { Clock } from "../../lib/clock.ts";
import { Fault } from "../../lib/fault.ts";
import { indexName } from "../../search/index-pattern.ts";
import type { QueryBody } from "../../search/request.ts";
import type { Store } from "../../store/store.ts";
import { searchRecords } from "../api/stored-records.ts";

export type SavedStore = Pick<Store, "search" | "append" | "settled">;

/** What is kept of an object beside its content, for lists. */
export type SavedLine = Omit<SavedRecord, "content" | "deleted">;

/** Of each kind: how many may be kept, and how many ids may have been used, since of those deleted the marks stay. */
export type SavedLimits = { kept: number; used: number };
const LIMITS: SavedLimits = { kept: 500, used: 9_000 };

const field = (key: keyof SavedRecord) => fieldOf(savedDataset, key);
const IS_DELETED = { term: { [field("deleted")]: true } };
const ofKind = (kind: SavedKind) => ({ term: { [field("kind")]: kind } });

/** Dashboards, panels and searches in the store: a document each, which a later one of the same id replaces. */
export type SavedObjects = {
  /** Without their content, by id. */
  list(kind: SavedKind, signal: AbortSignal): Promise<SavedLine[]>;
  /** The content, or undefined where there is none. */
  read(place: { kind: SavedKind; id: string }, signal: AbortSignal): Promise<unknown>;
  /** Ids of the dashboards with this panel. */
  usersOf(panel: string, signal: AbortSignal): Promise<string[]>;
  /** Durable and found by searches when it resolves. Rejects with `saved_full`. */
  put(object: SavedLine & { content: unknown }, signal: AbortSignal): Promise<void>;
  remove(place: { kind: SavedKind; id: string }, signal: AbortSignal): Promise<void>;
  /** Looks and changes while nothing else is changed: what was seen still holds when it is written. */
  inTurn<T>(work: (change: SavedChanges) => Promise<T>): Promise<T>;
};

/** Within a turn of its own. */
export type SavedChanges = Pick<SavedObjects, "put" | "remove">;

export function createSavedObjects(deps: {
  store: SavedStore;
  network: () => string;
  clock: Clock;
  limits?: SavedLimits;
}): SavedObjects {
  const { store, network, clock, limits = LIMITS } = deps;
  let last: Promise<unknown> = Promise.resolve();

  const inTurn: SavedObjects["inTurn"] = (work) => {
    const turn = last.catch(() => undefined).then(() => work(changes));
    last = turn.catch(() => undefined);
    return turn;
  };
  const find = (filter: readonly QueryBody[], { signal, lines = false }: { signal: AbortSignal; lines?: boolean }) =>
    searchRecords<SavedRecord>(store, {
      dataset: savedDataset,
      network: network(),
      filter,
      mustNot: [IS_DELETED],
      sort: [{ [field("id")]: "asc" }],
      ...(lines ? { without: [field("content")] } : {}),
      signal,
    });
  const count = async (query: QueryBody, signal: AbortSignal): Promise<number> => {
    const index = indexName(savedDataset, network());
    const { hits } = await store.search(index, { size: 0, track_total_hits: true, query }, { signal });
    return hits.total?.value ?? 0;
  };
  const write = async (record: Partial<SavedRecord> & Pick<SavedRecord, "kind" | "id">, signal: AbortSignal) => {
    const id = `${record.kind}/${record.id}`;
    await store.append([documentOf({ dataset: savedDataset, record, timestampUs: clock.nowUs(), id })]);
    await store.settled(signal);
  };
  const refuseMore = async ({ kind, id }: { kind: SavedKind; id: string }, signal: AbortSignal): Promise<void> => {
    const isKnown = (await count({ ids: { values: [`${kind}/${id}`] } }, signal)) > 0;
    const used = await count(ofKind(kind), signal);
    const kept = await count({ bool: { filter: [ofKind(kind)], must_not: [IS_DELETED] } }, signal);
    const isFull = kept >= limits.kept;
    if (!isFull && (isKnown || used < limits.used)) return;
    const what = isFull ? `${kept} are saved` : `${used} ids were used`;
    throw new Fault("saved_full", `No other ${kind} can be saved: ${what}. Delete one, or save over one.`);
  };
  const read: SavedObjects["read"] = async ({ kind, id }, signal) => {
    const [found] = await find([ofKind(kind), { term: { [field("id")]: id } }], { signal });
    return found?.content ?? undefined;
  };

  const changes: SavedChanges = {
    async put(object, signal) {
      if ((await read(object, signal)) === undefined) await refuseMore(object, signal);
      await write(object, signal);
    },
    remove: ({ kind, id }, signal) => write({ kind, id, deleted: true }, signal),
  };

  return {
    async list(kind, signal) {
      const found = await find([ofKind(kind)], { signal, lines: true });
      return found.map(({ content: _, deleted: __, ...line }) => line);
    },
    read,
    async usersOf(panel, signal) {
      const found = await find([{ term: { [field("panels")]: panel } }], { signal, lines: true });
      return found.map(({ id }) => id);
    },
    put: (object, signal) => inTurn((change) => change.put(object, signal)),
    remove: (place, signal) => inTurn((change) => change.remove(place, signal)),
    inTurn,
  };
}
