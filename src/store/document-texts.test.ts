import fc from "fast-check";
import { expect, test } from "vitest";
import { countOf, type Document, type DocumentBlock, isBlock, type Json, type Storable } from "../events/document.ts";
import { createDocumentWriter, joinTexts, readTexts } from "./document-texts.ts";

const scalar: fc.Arbitrary<Json | undefined> = fc.oneof(
  fc.constantFrom(undefined, null, true, false, 0, 1, 1.5, -0, "", "a", "\u0000", "é", "\ud800", '"]', 2 ** 53),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.string(),
);
const value = fc.oneof(
  { weight: 5, arbitrary: scalar },
  { weight: 1, arbitrary: fc.array(fc.nat()) as fc.Arbitrary<Json> },
);
const FIELDS = ["ethereum.slot", "ethereum.delay_ms", "ethereum.echo", "7", "x"];
const fields = fc
  .record({ node: fc.constantFrom("n1", "n2"), values: fc.array(value, { maxLength: FIELDS.length }) })
  .map(({ node, values }) => {
    const own: Record<string, Json | undefined> = { "observer.name": node };
    for (const [i, one] of values.entries()) own[FIELDS[i] as string] = one;
    return own;
  });
const document: fc.Arbitrary<Document> = fc
  .record({
    dataset: fc.constantFrom("a", "b"),
    timestampUs: fc.nat(),
    id: fc.constantFrom(undefined, undefined, undefined, "1"),
    fields,
  })
  .map(({ id, ...rest }) => (id === undefined ? rest : { ...rest, id }));

/** Absent and null are the same, and JSON knows no negative zero. */
function plain(storable: Storable): Document {
  if (isBlock(storable)) throw new Error("a block was read");
  const { fields: own, ...rest } = storable;
  const entries = Object.entries(own).filter(([, one]) => one !== undefined && one !== null);
  return JSON.parse(JSON.stringify({ ...rest, fields: Object.fromEntries(entries) })) as Document;
}

test("documents come back as they were, in frames cut anywhere", () => {
  fc.assert(
    fc.property(fc.array(document, { maxLength: 40 }), fc.integer({ min: 1, max: 10 }), (documents, cut) => {
      const write = createDocumentWriter();
      const texts = documents.map(write);
      const read: Storable[] = [];
      for (let from = 0; from < texts.length; from += cut)
        read.push(...readTexts(joinTexts(texts.slice(from, from + cut))));
      expect(read.map(plain)).toEqual(documents.map(plain));
    }),
    { numRuns: 2_000 },
  );
});

test("votes that differ in few fields are written as those, and a new slot's make a new template", () => {
  const write = createDocumentWriter();
  const vote = (slot: number, validator: number): Document => ({
    dataset: "ethereum.single_attestation",
    timestampUs: 1_700_000_000_000_000 + validator,
    fields: {
      "observer.name": "n1",
      "ethereum.slot": slot,
      ...Object.fromEntries(Array.from({ length: 9 }, (_, i) => [`same${i}`, `0x${String(slot + i).repeat(8)}`])),
      "ethereum.validator.index": validator,
    },
  });
  const votes = [vote(1, 5), vote(1, 6), vote(1, 7), vote(2, 8), vote(2, 9)];
  const texts = votes.map(write);
  expect(texts.map(({ template }) => template !== undefined)).toEqual([false, true, true, false, true]);
  expect(texts[2]?.text).toBe("[0,1700000000000007,11,7]");
  expect(readTexts(joinTexts(texts))).toEqual(votes);
  expect(readTexts(joinTexts(texts.slice(4)))).toEqual([votes[4]]);
});

test("nodes without end do not make templates without end", () => {
  const write = createDocumentWriter();
  const of = (node: string, n: number) => write({ dataset: "d", timestampUs: n, fields: { "observer.name": node, n } });
  of("first", 1);
  expect(of("first", 2).template).toBeDefined();
  for (let i = 0; i < 2_000; i += 1) of(`node${i}`, i);
  expect(of("first", 3).template).toBeUndefined();
});

test("blocks come back row by row as they were, and what they share stands once in a frame", () => {
  const timeUs = fc.integer({ min: 0, max: 2 ** 53 - 1 });
  const rows = fc.array(fc.tuple(timeUs, fc.nat(2 ** 32 - 1)), { minLength: 1, maxLength: 20 });
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.nat(2), rows), { minLength: 1, maxLength: 20 }),
      fc.array(document),
      (all, between) => {
        const shared = [0, 1, 2].map((number) => ({ "observer.name": `n${number}`, word: "é", none: null }));
        const blocks = all.map(
          ([number, pairs]): DocumentBlock => ({
            dataset: "votes",
            fields: shared[number] ?? {},
            slotStartUs: 1_700_000_000_000_000 + number,
            timestampsUs: Float64Array.from(pairs, ([at]) => at),
            rows: { validator: Uint32Array.from(pairs, ([, value]) => value) },
          }),
        );
        const write = createDocumentWriter();
        const texts = [...blocks, ...between].map(write);
        expect(texts.map(({ count }) => count)).toEqual([...blocks, ...between].map(countOf));
        const read = readTexts(joinTexts(texts));
        expect(read.slice(0, blocks.length)).toEqual(blocks);
        expect(read.slice(blocks.length).map(plain)).toEqual(between.map(plain));
        expect(joinTexts(texts).split('observer.name":"n0","word').length).toBeLessThanOrEqual(2);
      },
    ),
  );
});
