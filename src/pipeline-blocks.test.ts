import { beforeEach, expect, test } from "vitest";
import { chainOf, envelopesOf, recordsOf } from "../test/rigs/built-records.ts";
import { createRecordingBuilder, type RecordingBuilder, rootOf } from "../test/rigs/recording-builder.ts";
import { readAnswers } from "../test/vectors/rest-answers.ts";
import { createPipeline, type Step } from "./pipeline.ts";

type Message = { slot: string; proposer_index: string; parent_root: string; body: Record<string, unknown> };
type Answer = { version: string; data: { message: Message; signature: string } };

const recorded = JSON.parse(
  readAnswers().find(({ node, path }) => node.endsWith("electra") && path === "/eth/v2/beacon/blocks/head")?.body ?? "",
) as Answer;

let builder: RecordingBuilder;
beforeEach(() => {
  builder = createRecordingBuilder({ nodes: ["n1", "n2"] });
});

/** A real block's body under a built block's header, as a node answers it two seconds into the slot. */
function answerWhole(name: string, body: Record<string, unknown> = recorded.data.message.body): void {
  const block = builder.blocks.get(name);
  if (block === undefined) throw new Error(`the builder knows no block ${name}`);
  const message = {
    ...recorded.data.message,
    slot: String(block.slot),
    proposer_index: String(block.proposer),
    parent_root: block.parentRoot,
    body,
  };
  builder.rest({
    node: "n1",
    atMs: builder.startMs(block.slot) + 2000,
    path: `/eth/v2/beacon/blocks/${block.root}`,
    body: { ...recorded, data: { ...recorded.data, message } },
  });
}

async function run(): Promise<Step[]> {
  const pipeline = createPipeline({ chain: chainOf(builder) });
  const steps = (await envelopesOf(builder)).map((envelope) => pipeline.push(envelope));
  return [...steps, pipeline.finish()];
}

const wantedOf = (steps: readonly Step[], name: string) =>
  steps.flatMap(({ wanted }) => wanted.filter(({ root }) => root === rootOf(name)));

test("a block is asked for whole when its import is told, and its answer gives its facts, its parent and its proposer", async () => {
  builder.open();
  builder.block("a", { slot: 1, parent: "genesis" });
  builder.see("a", ["n1"]);
  answerWhole("a");
  builder.see("a", ["n2"], { gossip: 3000, import: 3100, head: 3200 });
  const steps = await run();
  expect(wantedOf(steps, "a")).toEqual([{ root: rootOf("a"), nodes: ["n1"], whole: true }]);

  const updates = steps.flatMap((step) => step.updates);
  expect(recordsOf("block", updates)).toMatchObject([
    {
      root: rootOf("a"),
      slot: 1,
      node: "n1",
      parent_root: rootOf("genesis"),
      proposer_index: 1,
      ssz_bytes: 2139,
      graffiti: "XX0x00LS",
      consensus_client: "LS",
      attestations: 3,
      gas_limit: 30_000_000,
      base_fee_gwei: 7e-9,
      blobs: 0,
    },
  ]);
  expect(recordsOf("slot", updates).at(-1)).toMatchObject({
    block_root: rootOf("a"),
    parent_root: rootOf("genesis"),
    parent_inferred: false,
    proposer_index: 1,
  });
});

test("a block of a form that is not known costs its facts alone, and the document says why", async () => {
  builder.open();
  builder.block("a", { slot: 1, parent: "genesis" });
  builder.see("a", ["n1"]);
  answerWhole("a", { execution_payload_of_a_coming_fork: {} });
  const steps = await run();
  const updates = steps.flatMap((step) => step.updates);
  expect(recordsOf("block", updates)).toEqual([]);
  expect(recordsOf("slot", updates).at(-1)).toMatchObject({ parent_root: rootOf("genesis"), parent_inferred: false });
  const document = steps.flatMap((step) => step.documents).find(({ dataset }) => dataset === "ethereum.block_body");
  expect(document?.fields).toMatchObject({
    "ethereum.block.root": rootOf("a"),
    "ethereum.version": "electra",
    "ethereum.block.misfit": expect.stringMatching(/^message\.body\.\w+ is/),
  });
});

test("a node that comes back with many old blocks is asked for the last epoch's alone", async () => {
  builder.open();
  const names = Array.from({ length: 30 }, (_, index) => `b${index}`);
  names.forEach((name, index) => {
    builder.block(name, { slot: index + 1, parent: names[index - 1] ?? "genesis" });
    const late = builder.startMs(31) - builder.startMs(index + 1) + index;
    builder.see(name, ["n1"], { gossip: null, import: late, head: null });
  });
  const steps = await run();
  const whole = names.filter((name) => wantedOf(steps, name).some((wanted) => wanted.whole));
  expect(whole).toEqual(names.slice(-7));
  expect(names.filter((name) => wantedOf(steps, name).length === 0)).toEqual([]);
});

test("a block whose answer contradicts what is known of it has no facts", async () => {
  builder.open();
  builder.block("a", { slot: 1, parent: "genesis" });
  builder.see("a", ["n1"]);
  answerWhole("a");
  const lie = builder.lines.at(-1)?.data as { body: Answer };
  lie.body.data.message.slot = "2";
  const updates = (await run()).flatMap((step) => step.updates);
  expect(recordsOf("block", updates)).toEqual([]);
});
