import fc from "fast-check";
import { expect, test } from "vitest";
import type { Json } from "../../events/document.ts";
import type { SearchHit } from "../../search/request.ts";
import { addTo, canonicalJson, checksumText, emptyDigest, fingerprintOf } from "./digest.ts";

const hit = (id: string, source: object): SearchHit => ({
  _index: "x",
  _id: id,
  _score: null,
  _source: source as SearchHit["_source"],
});
const checksum = (hits: readonly SearchHit[], keyed = true): string => {
  const digest = emptyDigest();
  for (const one of hits) addTo(digest, fingerprintOf(one, keyed));
  return `${digest.documents} ${checksumText(digest)}`;
};

test("a checksum is the same for any order of documents and of keys, and another one for any other document", () => {
  const source = fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 2 }));
  const hits = fc.array(
    fc.tuple(fc.string(), source).map(([id, one]) => hit(id, one)),
    { minLength: 1, maxLength: 20 },
  );
  fc.assert(
    fc.property(hits, fc.nat(), (all, at) => {
      const turned = all
        .toReversed()
        .map((one) => hit(one._id, Object.fromEntries(Object.entries(one._source).toReversed())));
      expect(checksum(turned)).toBe(checksum(all));
      const changed = all.with(at % all.length, hit("other", { ...all[at % all.length]?._source, "\u0001new": 1 }));
      expect(checksum(changed)).not.toBe(checksum(all));
    }),
  );
});

test("ids count where both sides keep them alone", () => {
  const [a, b] = [[hit("1", { n: 1 })], [hit("2", { n: 1 })]];
  expect(checksum(a)).not.toBe(checksum(b));
  expect(checksum(a, false)).toBe(checksum(b, false));
});

test("canonical JSON says the same as the value", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const plain = JSON.parse(JSON.stringify(value));
      expect(JSON.parse(canonicalJson(plain as Json))).toEqual(plain);
    }),
  );
});
