import type { Json } from "../../../src/events/document.ts";
import type { JsonObject } from "../../../src/events/foreign.ts";
import type { FieldType } from "../../../src/search/fields/field-type.ts";
import type { EngineName } from "../engine.ts";

export type CorpusField = {
  name: string;
  type: FieldType;
  options?: JsonObject;
  fields?: Readonly<Record<string, JsonObject>>;
};

/** The one field that no two documents share, and that each of them has: what a sort ends with. */
export const SERIAL = "serial";
/** The nested field, and what its objects have. */
export const NESTED = "odd.pairs";
/** It stands as a dotted key beside an object `odd`, where OpenSearch's `fields` does not find it. */
export const MIXED = "odd.mixed";

const PLAIN: Readonly<Record<string, FieldType>> = {
  [SERIAL]: "long",
  "@timestamp": "date",
  "event.dataset": "keyword",
  "event.duration": "long",
  "event.start": "date",
  "event.type": "keyword",
  "observer.name": "keyword",
  "ethereum.seen_at": "date",
  "ethereum.slot": "long",
  "ethereum.epoch": "long",
  "ethereum.delay_ms": "double",
  "ethereum.echo": "boolean",
  "ethereum.status": "keyword",
  "ethereum.block.root": "keyword",
  // Our own face maps these whatever a mapping says.
  "ethereum.block.number": "long",
  "ethereum.block.hash": "keyword",
  "ethereum.block.hash_prefix": "keyword",
  "ethereum.block.root_prefix": "keyword",
  "ethereum.slot_index": "long",
  "ethereum.network": "keyword",
  "ethereum.validator.index": "long",
  "ethereum.reorg.nodes": "keyword",
  "ethereum.vote.source.epoch": "unsigned_long",
  "ethereum.peers": "integer",
  "host.name": "keyword",
  "host.cpu.usage": "float",
  "system.memory.used.pct": "half_float",
  "system.memory.used.bytes": "long",
  "source.ip": "ip",
  "source.port": "integer",
  "destination.ip": "ip",
  "destination.bytes": "long",
  "network.transport": "keyword",
  "flow.final": "boolean",
  "process.args": "keyword",
  "log.level": "keyword",
  "log.logger": "keyword",
  "log.offset": "long",
  "error.message": "match_only_text",
  "odd.keyword": "keyword",
  "odd.wildcard": "wildcard",
  "odd.text": "text",
  "odd.long": "long",
  "odd.integer": "integer",
  "odd.short": "short",
  "odd.byte": "byte",
  "odd.unsigned": "unsigned_long",
  "odd.double": "double",
  "odd.float": "float",
  "odd.half": "half_float",
  "odd.boolean": "boolean",
  "odd.date": "date",
  "odd.ip": "ip",
  "odd.nothing": "keyword",
  [MIXED]: "keyword",
};

const FIELDS: readonly CorpusField[] = [
  ...Object.entries(PLAIN).map(([name, type]) => ({ name, type })),
  { name: "message", type: "text", fields: { keyword: { type: "keyword", ignore_above: 64 } } },
  { name: "system.cpu.total.norm.pct", type: "scaled_float", options: { scaling_factor: 1000 } },
  { name: "odd.scaled", type: "scaled_float", options: { scaling_factor: 100 } },
  { name: "odd.short_words", type: "keyword", options: { ignore_above: 8 } },
];

/** Of the objects of the nested field. */
export const NESTED_FIELDS: readonly CorpusField[] = [
  { name: `${NESTED}.name`, type: "keyword" },
  { name: `${NESTED}.count`, type: "long" },
  { name: `${NESTED}.at`, type: "date" },
];

/** What the small Elasticsearch does not have comes with modules that are not published. */
const LACKS: Readonly<Record<EngineName, readonly FieldType[]>> = {
  opensearch: [],
  elasticsearch: ["unsigned_long", "wildcard", "constant_keyword", "match_only_text", "scaled_float"],
};

export function fieldsOf(engine: EngineName): readonly CorpusField[] {
  return FIELDS.filter(({ type }) => !LACKS[engine].includes(type));
}

/** The mapping as an index is created with it; what it does not name is kept and not searched. */
export function mappingOf(engine: EngineName): JsonObject {
  const root: Properties = {};
  place(root, NESTED, { type: "nested", properties: {} });
  for (const field of [...fieldsOf(engine), ...NESTED_FIELDS]) {
    const { name, type, options = {}, fields } = field;
    place(root, name, { type, ...options, ...(fields === undefined ? {} : { fields }) });
  }
  return { dynamic: false, properties: root as JsonObject };
}

type Properties = { [name: string]: { properties?: Properties; [option: string]: Json | Properties | undefined } };

function place(root: Properties, path: string, body: Properties[string]): void {
  const names = path.split(".");
  const last = names.pop() ?? "";
  let within = root;
  for (const name of names) {
    within[name] ??= {};
    const inner = within[name];
    inner.properties ??= {};
    within = inner.properties;
  }
  within[last] = body;
}
