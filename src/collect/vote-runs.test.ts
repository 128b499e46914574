import fc from "fast-check";
import { expect, test } from "vitest";
import { createEventRecords } from "./event-records.ts";

const ROOT = `0x${"ab".repeat(32)}`;
const checkpoint = (epoch: number) => ({ epoch: String(epoch), root: ROOT });
const voteText = ({ slot, committee, validator }: { slot: number; committee: number; validator: number }) =>
  JSON.stringify({
    committee_index: String(committee),
    attester_index: String(validator),
    data: { slot: String(slot), index: "0", beacon_block_root: ROOT, source: checkpoint(0), target: checkpoint(1) },
    signature: `0x${"cd".repeat(96)}`,
  });

const vote = fc.record({ slot: fc.nat(3), committee: fc.nat(63), validator: fc.nat(999_999_999) });
/** Votes in the forms in which nodes write them, and records that are none or are written otherwise. */
const record = fc.oneof(
  { weight: 6, arbitrary: vote.map((one) => `event: single_attestation\ndata: ${voteText(one)}\n\n`) },
  { weight: 2, arbitrary: vote.map((one) => `event:single_attestation\r\ndata:${voteText(one)}\r\n\r\n`) },
  { weight: 1, arbitrary: vote.map((one) => `id: 7\nevent: single_attestation\ndata: ${voteText(one)}\n\n`) },
  { weight: 1, arbitrary: vote.map((one) => `event: single_attestation\ndata: ${voteText(one)} \n\n`) },
  { weight: 1, arbitrary: vote.map((one) => `event: single_attestation_v2\ndata: ${voteText(one)}\n\n`) },
  fc.constantFrom(
    'event: head\ndata: {"slot":"1"}\n\n',
    'event: block\r\ndata: {"slot":"2"}\r\n\r\n',
    "event: head\rdata: 3\r\r",
    ": a comment\n\n",
    "\n",
    "event: single_attestation\ndata: {}\n\n",
    "event: single_attestation\n\n",
  ),
);

/** Every record, or every vote told together, as what it says; votes of one push are sorted between other records. */
function read(chunks: readonly Buffer[], gather: boolean): string[] {
  const seen: string[] = [];
  let votes: string[] = [];
  const flush = () => {
    seen.push(...votes.sort());
    votes = [];
  };
  const records = createEventRecords({
    maxRecordBytes: 100_000,
    onRecord(topic, text) {
      const read = topic === "single_attestation" && text.endsWith("}") ? wordsOf(text) : undefined;
      if (read !== undefined) votes.push(read);
      else {
        flush();
        seen.push(`${topic} ${text}`);
      }
    },
    onOversized: () => undefined,
    onComment: () => undefined,
    onVotes: gather
      ? ({ runs, count }) => {
          const told = runs.flatMap(({ shared, committeeIndices, validatorIndices }) =>
            Array.from(validatorIndices, (validator, i) => `${shared.slot} ${committeeIndices[i]} ${validator}`),
          );
          expect(told.length).toBe(count);
          votes.push(...told);
        }
      : undefined,
  });
  for (const chunk of chunks) records.push(chunk);
  flush();
  return seen;
}

function wordsOf(text: string): string | undefined {
  const { data, committee_index, attester_index } = JSON.parse(text) as Record<string, string> & {
    data?: { slot: string };
  };
  return data && `${data.slot} ${committee_index} ${attester_index}`;
}

function split(bytes: Buffer, cuts: readonly number[]): Buffer[] {
  const places = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  return places.slice(1).map((end, index) => bytes.subarray(places[index], end));
}

test("votes that are told together are those that would be told one by one, between the same other records", () => {
  fc.assert(
    fc.property(fc.array(record, { maxLength: 40 }), fc.array(fc.nat(), { maxLength: 12 }), (records, cuts) => {
      const bytes = Buffer.from(records.join(""));
      expect(read(split(bytes, cuts), true)).toEqual(read([bytes], false));
    }),
    { numRuns: 1_000 },
  );
});

test("votes of more kinds than a run can be for are told one by one, and none is lost", () => {
  const texts = Array.from({ length: 200 }, (_, slot) => voteText({ slot, committee: 1, validator: slot }));
  const bytes = Buffer.from(texts.map((text) => `event: single_attestation\ndata: ${text}\n\n`).join(""));
  expect(read([bytes], true).sort()).toEqual(read([bytes], false).sort());
});
