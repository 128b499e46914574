import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { createChain } from "./chain/chain.ts";
import { readRecording, readRecordingMeta, specOf } from "./collect/recording.ts";
import { createVoteRuns } from "./collect/vote-runs.ts";
import { type Document, expandBlock, isBlock } from "./events/document.ts";
import type { Envelope, RecordedEnvelope } from "./events/envelope.ts";
import { createPipeline } from "./pipeline.ts";

const RECORDING = fileURLToPath(new URL("../demo/devnet3-fulu-faults", import.meta.url));
/** What a node says within so long is taken to have come in one chunk. */
const CHUNK_US = 50_000;

async function recorded(): Promise<RecordedEnvelope[]> {
  const envelopes: RecordedEnvelope[] = [];
  for await (const line of readRecording(RECORDING)) {
    if (line.kind !== "envelope") continue;
    const receivedAtUs = Math.floor(line.envelope.receivedAtUs / CHUNK_US) * CHUNK_US;
    envelopes.push({ ...line.envelope, receivedAtUs });
  }
  return envelopes;
}

/** The same with the votes of one chunk together, as a stream gives them. */
function gathered(envelopes: readonly RecordedEnvelope[]): Envelope[] {
  const all: Envelope[] = [];
  const runs = createVoteRuns();
  let of: { node: string; receivedAtUs: number } | undefined;
  const flush = () => {
    const taken = runs.taken();
    if (taken !== undefined && of !== undefined) all.push({ kind: "votes", ...of, ...taken });
  };
  for (const envelope of envelopes) {
    const { node, receivedAtUs } = envelope;
    const isVote = envelope.kind === "event" && envelope.topic === "single_attestation";
    if (!isVote || of?.node !== node || of.receivedAtUs !== receivedAtUs) flush();
    of = { node, receivedAtUs };
    const bytes = isVote ? Buffer.from(`event: single_attestation\ndata: ${envelope.text}\n\n`) : undefined;
    if (bytes === undefined || runs.take(bytes, 0) !== bytes.length) all.push(envelope);
  }
  flush();
  return all;
}

async function run(envelopes: readonly Envelope[]) {
  const meta = await readRecordingMeta(RECORDING);
  const chain = createChain({ spec: specOf(meta), genesis: { genesis_time: meta.genesis_time } });
  const pipeline = createPipeline({ chain });
  const steps = [...envelopes.map((envelope) => pipeline.push(envelope)), pipeline.finish()];
  const documents = steps.flatMap((step) =>
    step.documents.flatMap((one): Document[] => (isBlock(one) ? expandBlock(one) : [one])),
  );
  return {
    documents: documents.map((one) => JSON.stringify(one)).sort(),
    updates: steps.flatMap(({ updates }) => updates).map((update) => JSON.stringify(update)),
  };
}

test("votes that come together are stored and counted as if each had come alone", async () => {
  const envelopes = await recorded();
  const together = gathered(envelopes);
  expect(together.filter(({ kind }) => kind === "votes").length).toBeGreaterThan(100);
  expect(together.length).toBeLessThan(envelopes.length);
  const [one, all] = [await run(envelopes), await run(together)];
  expect(all.documents).toEqual(one.documents);
  expect(all.updates).toEqual(one.updates);
});

test("a vote for a slot that cannot be yet goes to quarantine with what it says, from a run as alone", async () => {
  const envelopes = (await recorded()).map((envelope) => {
    if (envelope.kind !== "event" || envelope.topic !== "single_attestation") return envelope;
    return { ...envelope, text: envelope.text.replace(/"slot":"\d+"/, '"slot":"999999"') };
  });
  const quarantined = ({ documents }: { documents: string[] }) =>
    documents.filter((text) => text.includes('"ethereum.quarantine"')).length;
  const [one, all] = [await run(envelopes), await run(gathered(envelopes))];
  expect(quarantined(all)).toBe(quarantined(one));
  expect(quarantined(all)).toBeGreaterThan(100);
  expect(all.documents.find((text) => text.includes("999999"))).toContain("attester_index");
});
