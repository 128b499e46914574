import fc, { type Arbitrary } from "fast-check";
import type { FieldType } from "../../../src/search/fields/field-type.ts";
import type { CorpusDocument } from "../corpus/corpus.ts";
import { valuesByField } from "../corpus/corpus.ts";
import { type CorpusField, fieldsOf, NESTED_FIELDS } from "../corpus/mapping.ts";
import type { EngineName } from "../engine.ts";

export type Value = string | number | boolean;

/** What is generated over: the fields of the corpus by what can be done with them, and values for each. */
export type Pool = {
  engine: EngineName;
  ids: readonly string[];
  keywords: readonly string[];
  texts: readonly string[];
  numbers: readonly string[];
  /** Numbers of which sums and the like can be compared; of an `unsigned_long` OpenSearch tells them as text, too. */
  calm: readonly string[];
  dates: readonly string[];
  ips: readonly string[];
  booleans: readonly string[];
  all: readonly string[];
  nested: { keywords: readonly string[]; numbers: readonly string[]; dates: readonly string[] };
  /** A value that stands in the field, or one near to it, or at its bounds. */
  value(field: string): Arbitrary<Value>;
  /** A word of one of the field's values, or a whole value of keywords. */
  word(field: string): Arbitrary<string>;
  typeOf(field: string): FieldType | undefined;
};

const NUMBERS: readonly FieldType[] = [
  ...(["long", "integer", "short", "byte", "unsigned_long"] as const),
  ...(["double", "float", "half_float", "scaled_float"] as const),
];
/** Their sums run over 2^53 or lose all digits, and then depend on the order of adding. */
const WILD = ["odd.long", "odd.double", "odd.float"];
const BOUNDS: Partial<Record<FieldType, readonly Value[]>> = {
  long: [0, -1, "9223372036854775807", "-9223372036854775808", 5.5],
  integer: [0, 2147483647, -2147483648, "5", 0.5],
  short: [0, 32767, -32768],
  byte: [0, 127, -128],
  unsigned_long: [0, "18446744073709551615", "9223372036854775808"],
  double: [0, -0.5, 1e300],
  float: [0, 0.1, 1e38],
  half_float: [0, 0.1, 65504],
  scaled_float: [0, 0.035, 99.99],
  boolean: ["true", "false", true, false],
  date: [
    "2026-10-25",
    "2026-10-25T01:00:00Z",
    "2026-10-24T22:00:00.000Z",
    "2026-10",
    "2026",
    1_792_900_800_000,
    "now/d",
  ],
  ip: ["10.0.0.0", "::", "10.0.0.7"],
};

export function fieldPool(engine: EngineName, documents: readonly CorpusDocument[]): Pool {
  const values = valuesByField(documents);
  const fields: readonly CorpusField[] = [...fieldsOf(engine), { name: "message.keyword", type: "keyword" }];
  const types = new Map([...fields, ...NESTED_FIELDS].map(({ name, type }) => [name, type]));
  const named = (...wanted: FieldType[]) => fields.flatMap(({ name, type }) => (wanted.includes(type) ? [name] : []));
  const held = (field: string): readonly Value[] => values.get(field === "message.keyword" ? "message" : field) ?? [];
  const numbers = named(...NUMBERS);
  const value = (field: string): Arbitrary<Value> => {
    const type = types.get(field) ?? "keyword";
    // In a document an empty text is false; as a literal it is one in OpenSearch, and refused by Elasticsearch.
    // Milliseconds before 1970 OpenSearch takes for another moment.
    const own = held(field).filter((one) => !(type === "boolean" && one === "") && !(type === "date" && one === -1));
    // Beyond its type's bounds a value of `terms` is refused by OpenSearch.
    const near = own
      .filter((one): one is number => typeof one === "number" && Math.abs(one) < 100)
      .flatMap((one) => [one + 1, one - 0.5]);
    const texts = own.filter((one) => Number.isSafeInteger(one)).map(String);
    return fc.oneof(
      { weight: 6, arbitrary: fc.constantFrom<Value[]>(...(own.length === 0 ? ["x"] : own)) },
      ...[BOUNDS[type] ?? ["", "zz", "A"], NUMBERS.includes(type) ? near : [], NUMBERS.includes(type) ? texts : []]
        .filter((list) => list.length > 0)
        .map((list) => ({ weight: 1, arbitrary: fc.constantFrom<Value[]>(...list) })),
    );
  };
  return {
    engine,
    ids: documents.map(({ id }) => id),
    keywords: named("keyword", "wildcard"),
    texts: named("text", "match_only_text"),
    numbers,
    calm: numbers.filter((name) => !WILD.includes(name) && types.get(name) !== "unsigned_long"),
    dates: named("date"),
    ips: named("ip"),
    booleans: named("boolean"),
    all: fields.map(({ name }) => name),
    nested: { keywords: ["odd.pairs.name"], numbers: ["odd.pairs.count"], dates: ["odd.pairs.at"] },
    value,
    word(field) {
      const words = held(field).flatMap((text) => [String(text), ...String(text).split(/[^\p{L}\p{N}]+/u)]);
      return fc.constantFrom(...new Set(words.filter((word) => word !== "" && word.length < 60)), "absent");
    },
    typeOf: (field) => types.get(field),
  };
}

/** One of the names. */
export function oneOf(...lists: (readonly string[])[]): Arbitrary<string> {
  return fc.constantFrom(...lists.flat());
}

/** The record, each of its options there or not. */
export function options<T extends Record<string, Arbitrary<unknown>>>(
  record: T,
): Arbitrary<{ [K in keyof T]?: T[K] extends Arbitrary<infer V> ? V : never }> {
  return fc.record(record, { requiredKeys: [] }) as never;
}
