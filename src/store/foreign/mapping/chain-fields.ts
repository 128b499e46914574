import type { JsonObject } from "../../../events/foreign.ts";

const KEYWORD = { type: "keyword", ignore_above: 1024 };
/** A sender's own value that is no number is no reason to refuse its document. */
const NUMBER = { ignore_malformed: true };
const LONG = { type: "long", ...NUMBER };

/**
 * The fields that the monitor adds to documents of others (`placeOnChain`, and the pipelines of client logs below
 * `ethereum`). They mean the same in every index, so their types are the same in every index that does not name them
 * itself: whatever its dynamic templates, its `dynamic`, and its limit of fields.
 */
const CHAIN_FIELDS: ReadonlyMap<string, JsonObject> = new Map<string, JsonObject>([
  ["observer.name", KEYWORD],
  ["ethereum.network", KEYWORD],
  ["ethereum.slot", LONG],
  ["ethereum.epoch", LONG],
  ["ethereum.slot_index", LONG],
  ["ethereum.delay_ms", { type: "double", ...NUMBER }],
  ["ethereum.peers", LONG],
  ["ethereum.block.number", LONG],
  ["ethereum.block.root", KEYWORD],
  ["ethereum.block.hash", KEYWORD],
  ["ethereum.block.root_prefix", KEYWORD],
  ["ethereum.block.hash_prefix", KEYWORD],
]);

const OBJECTS: ReadonlySet<string> = new Set(
  [...CHAIN_FIELDS.keys()].flatMap((path) => {
    const keys = path.split(".");
    return keys.slice(1).map((_, at) => keys.slice(0, at + 1).join("."));
  }),
);

/** The mapping of a field of ours; undefined for others. */
export function chainField(path: string): JsonObject | undefined {
  return CHAIN_FIELDS.get(path);
}

/** Whether a field of ours stands below. */
export function holdsChainFields(path: string): boolean {
  return OBJECTS.has(path);
}
