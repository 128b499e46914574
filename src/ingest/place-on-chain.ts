import type { Chain } from "../chain/chain.ts";
import { dateFormat } from "./dates/date-format.ts";
import { utc } from "./dates/zone.ts";
import { isObject, type JsonObject, type JsonValue, ownValue } from "./document/json.ts";
import { valueAt } from "./document/path.ts";

/** The part of the time axis that is needed. */
export type Axis = Pick<Chain, "network" | "slotsPerEpoch" | "slotAt" | "epochOf" | "slotIndexOf" | "delayMs">;

/** Where the name of a node, or of something that belongs to one, may stand; the first that is known counts. */
const NAMES: readonly (readonly string[])[] = [
  ["labels", "node"],
  ["labels", "beacon_node"],
  // Telegraf's tags, as its Elasticsearch output writes them.
  ["tag", "node"],
  ["service", "node", "name"],
  ["container", "name"],
  ["kubernetes", "pod", "name"],
  ["host", "name"],
  ["host", "hostname"],
  ["agent", "name"],
  ["tag", "host"],
];

const readIso = dateFormat("ISO8601");

/**
 * A document of a host or of a client's log with its place on the chain's axis: `ethereum.network`; the node that it
 * belongs to (`observer.name`), where `nodeOf` knows the host's name or a label; and slot, epoch, position within the
 * epoch, and signed delay from the slot's start. A slot of the document's own stays, and the delay is from its start;
 * else the slot is the one at `@timestamp`. What the document says is never replaced. Before genesis, and without a
 * readable `@timestamp` and a slot, there is no slot. Pure: gives a new source.
 */
export function placeOnChain(options: {
  source: JsonObject;
  chain: Axis;
  nodeOf: (name: string) => string | undefined;
}): JsonObject {
  const { source, chain, nodeOf } = options;
  const placed: JsonObject = { ...source };

  const observer = ownValue(source, "observer");
  const node = nameOfNode(source, nodeOf);
  if (node !== undefined && (observer === undefined || (isObject(observer) && !Object.hasOwn(observer, "name"))))
    placed["observer"] = { ...(isObject(observer) ? observer : {}), name: node };

  const known = ownValue(source, "ethereum") ?? {};
  if (isObject(known))
    placed["ethereum"] = { network: chain.network, ...slotFields({ source, known, chain }), ...known };
  return placed;
}

function nameOfNode(source: JsonObject, nodeOf: (name: string) => string | undefined): string | undefined {
  for (const path of NAMES) {
    const name = valueAt(source, path);
    const node = typeof name === "string" ? nodeOf(name) : undefined;
    if (node !== undefined) return node;
  }
  return undefined;
}

function slotFields(options: { source: JsonObject; known: JsonObject; chain: Axis }): JsonObject {
  const { source, known, chain } = options;
  const timeUs = timestampUs(ownValue(source, "@timestamp"));
  const slot = ownSlot(known, chain) ?? (timeUs === undefined ? undefined : chain.slotAt(timeUs));
  if (slot === undefined || slot < 0) return {};
  return {
    slot,
    epoch: chain.epochOf(slot),
    slot_index: chain.slotIndexOf(slot),
    ...(timeUs === undefined ? {} : { delay_ms: chain.delayMs(slot, timeUs) }),
  };
}

/** The slot that the document names, or gives as epoch and position within it. */
function ownSlot(known: JsonObject, chain: Axis): number | undefined {
  const whole = (key: string): number | undefined => {
    const value = ownValue(known, key);
    return Number.isSafeInteger(value) && Number(value) >= 0 ? Number(value) : undefined;
  };
  const slot = whole("slot");
  if (slot !== undefined) return slot;
  const epoch = whole("epoch");
  const index = whole("slot_index");
  return epoch === undefined || index === undefined ? undefined : epoch * chain.slotsPerEpoch + index;
}

/** Microseconds since the Unix epoch. A number is milliseconds, as in Elasticsearch. */
function timestampUs(value: JsonValue | undefined): number | undefined {
  if (typeof value === "number") return Math.round(value * 1000);
  if (typeof value !== "string") return undefined;
  const instant = readIso(value, { zone: utc, reference: () => ({ ms: 0, nanos: 0 }) });
  return instant && instant.ms * 1000 + Math.floor(instant.nanos / 1000);
}
