import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { epochDataset, gapDataset, nodeSlotDataset, slotDataset } from "./derived.ts";
import type { Json } from "./document.ts";
import { quarantineDataset, quarantined } from "./quarantine.ts";
import { documentOf, type RecordColumn, type RecordDataset, recordOfSource } from "./record.ts";
import { reorgDataset } from "./reorg.ts";

/** What a store answers: fields nested by their dots, dates as ISO text with microseconds. */
function sourceOf(dataset: RecordDataset, fields: Readonly<Record<string, Json | undefined>>): Record<string, Json> {
  const source: Record<string, Json> = {};
  for (const { name, type } of dataset.columns) {
    const value = fields[name];
    if (value === undefined) continue;
    const parts = name.split(".");
    const last = parts.pop() ?? name;
    let at = source;
    for (const part of parts) {
      at[part] ??= {};
      at = at[part] as Record<string, Json>;
    }
    at[last] = type === "date" ? isoOf(value as number) : value;
  }
  return source;
}

const isoOf = (us: number) =>
  `${new Date(Math.floor(us / 1000)).toISOString().slice(0, -1)}${String(us % 1000).padStart(3, "0")}Z`;

/** A Unix time of our century with microseconds, as records have it: milliseconds with three decimals. */
const momentMs = fc.integer({ min: 1_600_000_000_000_000, max: 2_500_000_000_000_000 }).map((us) => us / 1000);

const anyValueOf = ({ type, list }: RecordColumn): fc.Arbitrary<Json> => {
  const one: Record<typeof type, fc.Arbitrary<Json>> = {
    keyword: fc.string(),
    text: fc.string(),
    long: fc.maxSafeInteger(),
    unsigned_long: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map(String),
    double: fc.integer({ min: -1e9, max: 1e9 }).map((us) => us / 1000),
    boolean: fc.boolean(),
    date: momentMs,
    flattened: fc.dictionary(fc.string({ minLength: 1 }), fc.integer()),
  };
  return list ? fc.array(one[type]) : one[type];
};

const recordOf = (dataset: RecordDataset) =>
  fc.record(Object.fromEntries(dataset.columns.map((column) => [column.key, fc.option(anyValueOf(column))])));

describe.each([slotDataset, nodeSlotDataset, epochDataset, reorgDataset, gapDataset, quarantineDataset])(
  "records of $name",
  (dataset) => {
    test("come back from the store as they went in, to the microsecond", () => {
      fc.assert(
        fc.property(recordOf(dataset), (record) => {
          const { fields } = documentOf({ dataset, record, timestampUs: 1 });
          const back = recordOfSource(dataset, sourceOf(dataset, fields));
          expect(JSON.stringify(back)).toBe(JSON.stringify(record));
        }),
      );
    });

    test("have one key a column", () => {
      const keys = dataset.columns.map(({ key }) => key);
      expect(keys).toEqual([...new Set(keys)]);
    });
  },
);

test("a document has no fields for what is null, and an id only when it has one", () => {
  const record = { node: "n1", from_ms: null, to_ms: undefined, cause: "closed" };
  const document = documentOf({ dataset: gapDataset, record, timestampUs: 5 });
  expect(document).toEqual({
    dataset: "ethereum.gap",
    timestampUs: 5,
    fields: { "observer.name": "n1", "event.reason": "closed" },
  });
  expect(documentOf({ dataset: slotDataset, record: {}, timestampUs: 5, id: "7" }).id).toBe("7");
});

test("a stored document that holds something else where a field should be gives null", () => {
  expect(recordOfSource(gapDataset, { observer: "text", event: [1] })).toEqual({
    node: null,
    from_ms: null,
    to_ms: null,
    cause: null,
  });
});

test("what is quarantined is kept whole, and cut with a word only beyond a mebibyte", () => {
  const input = { node: "n1", receivedAtUs: 1, dataset: "ethereum.block", reason: "the data are not JSON" };
  const whole = quarantined({ ...input, original: "x".repeat(1 << 20) });
  expect(whole.fields["ethereum.quarantine.original"]).toHaveLength(1 << 20);
  expect(whole.fields["ethereum.quarantine.reason"]).toBe("the data are not JSON");
  const cut = quarantined({ ...input, original: "x".repeat(10_000_000) });
  expect(cut.fields["ethereum.quarantine.original"]).toHaveLength(1 << 20);
  expect(cut.fields["ethereum.quarantine.reason"]).toBe("the data are not JSON (10000000 characters, cut)");
});
