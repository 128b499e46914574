import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { parseJsonExact } from "../lib/json.ts";
import type { EventReading } from "./dataset.ts";
import { singleAttestation as singleAttestationSchema } from "./spec-objects/attestation.ts";
import { singleAttestation } from "./topics/votes.ts";

const hex = (bytes: number) =>
  fc.uint8Array({ minLength: bytes, maxLength: bytes }).map((all) => `0x${Buffer.from(all).toString("hex")}`);
const root = fc.oneof(fc.constantFrom(`0x${"ab".repeat(32)}`, `0x${"AB".repeat(32)}`, "0xabc", ""), hex(32));
const number = fc.oneof(
  fc.nat().map(String),
  fc.constantFrom("0", "007", "", "-1", "1.5", "999999999999999", "9007199254740993", "18446744073709551615", "1e3"),
);
const checkpoint = fc.record({ epoch: number, root });
const vote = fc.record({
  committee_index: number,
  attester_index: number,
  data: fc.record({ slot: number, index: number, beacon_block_root: root, source: checkpoint, target: checkpoint }),
  signature: fc.oneof({ weight: 4, arbitrary: hex(96) }, { weight: 1, arbitrary: hex(95) }),
});

/** What parsing and the schema make of a text: the way that the short one must agree with. */
function bySchema(text: string): EventReading | undefined {
  try {
    const parsed = singleAttestationSchema.safeParse(parseJsonExact(text));
    return parsed.success ? singleAttestation.read(parsed.data as never) : undefined;
  } catch {
    return undefined;
  }
}

function expectAgreement(text: string): void {
  const read = singleAttestation.readText?.(text);
  if (read !== undefined) expect(read).toEqual(bySchema(text));
}

test("what the short way reads the schema reads alike", () => {
  fc.assert(
    fc.property(vote, (value) => {
      expectAgreement(JSON.stringify(value));
    }),
    { numRuns: 2_000 },
  );
});

test("a changed text is never read as the schema would not read it", () => {
  const pieces = ['"', "{", "}", ",", ":", "\\", " ", "0", "a", '"data":', ',"signature":"0x', "é", "]", "[", "1e5"];
  fc.assert(
    fc.property(vote, fc.nat(), fc.nat(8), fc.constantFrom(...pieces), (value, at, cut, piece) => {
      const text = JSON.stringify(value);
      const place = at % text.length;
      expectAgreement(text.slice(0, place) + piece + text.slice(place + cut));
    }),
    { numRuns: 4_000 },
  );
});

test("votes as nodes write them take the short way, and their data are read once", () => {
  const examples = readFileSync(new URL("../../test/data/beacon-apis/event-examples.jsonl", import.meta.url), "utf8");
  const told = examples
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as { event: string; data: object })
    .filter(({ event }) => event === "single_attestation");
  expect(told.length).toBeGreaterThan(0);
  for (const { data } of told) {
    const text = JSON.stringify(data);
    const [first, second] = [singleAttestation.readText?.(text), singleAttestation.readText?.(text)];
    expect(first).toEqual(bySchema(text));
    expect(first?.vote?.data).toBe(second?.vote?.data);
    // Another form of the same is left to the schema.
    expect(singleAttestation.readText?.(JSON.stringify(data, null, 1))).toBeUndefined();
  }
});
