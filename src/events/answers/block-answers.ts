import { z } from "zod";
import { readBlockBody } from "../block/block-body.ts";
import type { Column } from "../dataset.ts";
import { root } from "../primitives.ts";
import { beaconBlockHeader } from "../spec-objects/block-header.ts";
import { versionColumn } from "../topic.ts";
import { type AnswerReading, defineAnswer, type HeaderAnswer } from "./answer.ts";

const headerColumns: readonly Column[] = [
  { name: "ethereum.slot", type: "long", words: "Slot of the block." },
  { name: "ethereum.block.root", type: "keyword", words: "Block root." },
  { name: "ethereum.proposer_index", type: "long", words: "Validator that proposed." },
  { name: "ethereum.block.parent_root", type: "keyword", words: "Root of the parent." },
];

/** What is stored of a header: it is read again from there, where the rest is not. */
const headerMessage = beaconBlockHeader.pick({ slot: true, proposer_index: true, parent_root: true });

function headerOf(message: z.output<typeof headerMessage>, blockRoot: string, isHead: boolean): HeaderAnswer {
  const { slot, proposer_index, parent_root } = message;
  return { root: blockRoot, slot, proposerIndex: proposer_index, parentRoot: parent_root, isHead };
}

function headerFields(header: HeaderAnswer): AnswerReading["fields"] {
  return {
    "ethereum.slot": header.slot,
    "ethereum.block.root": header.root,
    "ethereum.proposer_index": header.proposerIndex,
    "ethereum.block.parent_root": header.parentRoot,
  };
}

export const header = defineAnswer({
  name: "ethereum.header",
  title: "Block headers",
  words: "A block's header as a node answered it: the source of parent links and proposers.",
  pattern: /^\/eth\/v1\/beacon\/headers\/([^/?]+)$/,
  columns: headerColumns,
  schema: z.object({ data: z.object({ root, header: z.object({ message: headerMessage }) }) }),
  read({ data }, match) {
    const read = headerOf(data.header.message, data.root, match[1] === "head");
    return { slot: read.slot, answer: { kind: "header", ...read }, fields: headerFields(read) };
  },
});

/** A body of a form that is not known (a coming fork, say) costs the body alone: its header is read all the same. */
export const blockBody = defineAnswer({
  name: "ethereum.block_body",
  title: "Block answers",
  words: "That a node answered a whole block: its header. What stands in the block is a document of `block`.",
  pattern: /^\/eth\/v2\/beacon\/blocks\/(0x[0-9a-fA-F]{64})$/,
  columns: [
    ...headerColumns,
    versionColumn,
    { name: "ethereum.block.misfit", type: "keyword", words: "Why the block's body could not be read." },
  ],
  schema: z.object({ version: z.string().optional(), data: z.looseObject({ message: headerMessage.loose() }) }),
  read({ version, data }, match) {
    const read = headerOf(data.message, (match[1] ?? "").toLowerCase(), false);
    const block = readBlockBody(data, version);
    const misfit = "misfit" in block ? block.misfit : undefined;
    return {
      slot: read.slot,
      answer: "body" in block ? { kind: "block", ...read, body: block.body } : { kind: "header", ...read },
      fields: { ...headerFields(read), "ethereum.version": version, "ethereum.block.misfit": misfit },
    };
  },
});
