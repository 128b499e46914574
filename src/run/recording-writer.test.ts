import { cp, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { until } from "../../test/rigs/until.ts";
import { createChain } from "../chain/chain.ts";
import { type RecordingCut, readRecording, readRecordingMeta, specOf } from "../collect/recording.ts";
import type { RecordedEnvelope } from "../events/envelope.ts";
import { silentLog } from "../lib/log.ts";
import { replay } from "../replay.ts";
import { createRecordingWriter } from "./recording-writer.ts";

const path = (name: string) => fileURLToPath(new URL(`../../${name}`, import.meta.url));
const RECORDINGS = ["demo/devnet3-fulu-faults", "test/data/recordings/devnet3-1.5.1-partition-a"];

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "ethmon-record-"));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

async function record(input: { of: string; envelopes: readonly RecordedEnvelope[] }): Promise<void> {
  const meta = await readRecordingMeta(input.of);
  const spec = specOf(meta);
  const writer = await createRecordingWriter({ directory, log: silentLog });
  const nodes = meta.nodes.map(({ name }) => name);
  writer.begin({ chain: createChain({ spec, genesis: { genesis_time: meta.genesis_time } }), spec, nodes });
  for (const envelope of input.envelopes) writer.write(envelope);
  await writer.close();
  expect(writer.counts()).toEqual({ written: input.envelopes.length, dropped: 0 });
}

async function envelopesOf(recording: string): Promise<RecordedEnvelope[]> {
  const envelopes: RecordedEnvelope[] = [];
  for await (const line of readRecording(recording)) if (line.kind === "envelope") envelopes.push(line.envelope);
  return envelopes;
}

test.each(RECORDINGS)("what %s says, written anew, gives the same report", async (name) => {
  await record({ of: path(name), envelopes: await envelopesOf(path(name)) });
  expect(JSON.stringify(await replay({ directory }))).toBe(JSON.stringify(await replay({ directory: path(name) })));
});

test("every observation comes back as it was, also what fits no schema", async () => {
  const receivedAtUs = 1_795_371_250_000_123;
  const event = { kind: "event", node: "n1", receivedAtUs, topic: "block" } as const;
  const envelopes: RecordedEnvelope[] = [
    { kind: "stream", node: "n1", receivedAtUs, state: "open" },
    { ...event, text: '{"slot":"7","block":"no root"}' },
    { ...event, text: "<html>this is no JSON\nat all</html>" },
    { kind: "rest", node: "n1", receivedAtUs, path: "/eth/v1/node/syncing", status: 200, body: { data: null } },
    {
      kind: "stream",
      node: "n1",
      receivedAtUs,
      state: "closed",
      reason: "cut",
      sinceUs: receivedAtUs - 77,
      cause: "silent",
    },
    { kind: "stream", node: "n1", receivedAtUs, state: "error", reason: "refused", cause: "error" },
  ];
  await record({ of: path("demo/devnet3-fulu-faults"), envelopes });
  expect(await envelopesOf(directory)).toEqual(envelopes);
});

test("a topic that looks like the recorder's own events is not taken for one", async () => {
  const forged: RecordedEnvelope = {
    kind: "event",
    node: "n1",
    receivedAtUs: 1_795_371_250_000_000,
    topic: "_rest",
    text: "{}",
  };
  await record({ of: path("demo/devnet3-fulu-faults"), envelopes: [forged] });
  expect((await replay({ directory })).quarantined).toBe(1);
});

test("a recording whose writer was killed replays up to there", async () => {
  const of = path("demo/devnet3-fulu-faults");
  const meta = await readRecordingMeta(of);
  const envelopes = await envelopesOf(of);
  const live = join(directory, "live");
  const cut = join(directory, "cut");
  const writer = await createRecordingWriter({ directory: live, log: silentLog });
  const chain = createChain({ spec: specOf(meta), genesis: { genesis_time: meta.genesis_time } });
  writer.begin({ chain, spec: specOf(meta), nodes: meta.nodes.map(({ name }) => name) });
  for (const envelope of envelopes) writer.write(envelope);
  // What is on the disk while the writer still writes is what a kill leaves.
  await until("what was written is on the disk", async () => {
    await cp(live, cut, { recursive: true, force: true });
    return (await readdir(cut)).includes("meta.json") && (await envelopesOf(cut)).length === envelopes.length;
  });
  const cuts: RecordingCut[] = [];
  const report = await replay({ directory: cut, onCut: (told) => cuts.push(told) });
  await writer.close();
  expect(cuts).toEqual([{ path: join(cut, "events.jsonl.zst"), afterLine: envelopes.length }]);
  expect(report).toEqual(await replay({ directory: live }));
});

test("a directory that holds anything is refused, and left as it is", async () => {
  await writeFile(join(directory, "precious"), "");
  await expect(createRecordingWriter({ directory, log: silentLog })).rejects.toMatchObject({
    code: "recording_exists",
  });
  expect(await readdir(directory)).toEqual(["precious"]);
});
