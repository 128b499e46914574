import type { LoopBlock } from "./ancestry.ts";
import { type BeaconAnswer, beaconError } from "./beacon-face.ts";
import type { DemoNode } from "./demo-node.ts";
import type { DemoQuestion, DemoRoute, DemoRouteInput } from "./demo-route.ts";
import type { DemoWorld } from "./demo-world.ts";

const ZERO_ROOT = `0x${"0".repeat(64)}`;
const ZERO_SIGNATURE = `0x${"0".repeat(192)}`;

type Asked = { world: DemoWorld; node: DemoNode; nowMs: number };

/** Headers and blocks, by root, slot or name, as far as the node knows them by then. */
export function blockRoutes({ world, node }: DemoRouteInput): DemoRoute[] {
  const found =
    (answer: (asked: Asked, block: LoopBlock) => BeaconAnswer) =>
    ({ id, nowMs }: DemoQuestion): BeaconAnswer => {
      const asked = { world, node, nowMs };
      const block = findBlock(asked, id);
      if (block === "invalid") return beaconError(400, `Invalid block id '${id}'`);
      return block === undefined ? beaconError(404, `No block found for id '${id}'`) : answer(asked, block);
    };
  return [
    {
      pattern: /^\/eth\/v1\/beacon\/headers$/,
      answer: ({ query, nowMs }) => headers({ world, node, nowMs }, query),
    },
    {
      pattern: /^\/eth\/v1\/beacon\/headers\/([^/]+)$/,
      answer: found((asked, block) => ({ status: 200, body: { ...flags(asked, block), data: header(asked, block) } })),
    },
    {
      pattern: /^\/eth\/v1\/beacon\/blocks\/([^/]+)\/root$/,
      answer: found((asked, block) => ({
        status: 200,
        body: { ...flags(asked, block), data: { root: world.ancestry.rootOf(block) } },
      })),
    },
    { pattern: /^\/eth\/v2\/beacon\/blocks\/([^/]+)$/, answer: found(wholeBlock) },
  ];
}

function findBlock({ world, node, nowMs }: Asked, id: string): LoopBlock | undefined | "invalid" {
  if (id === "head") return node.head(nowMs);
  if (id === "genesis") return node.chainAt(0, nowMs);
  if (id === "finalized" || id === "justified") {
    const { finalized, currentJustified } = node.finality(nowMs);
    const { epoch } = id === "finalized" ? finalized : currentJustified;
    return node.chainAt(epoch * world.network.slotsPerEpoch, nowMs);
  }
  if (/^0x[0-9a-f]{64}$/i.test(id)) return node.blockOfRoot(id, nowMs);
  if (!/^\d{1,15}$/.test(id)) return "invalid";
  const block = node.chainAt(Number(id), nowMs);
  return block !== undefined && world.ancestry.slotOf(block) === Number(id) ? block : undefined;
}

/** Without `slot` it is the head alone. */
function headers(asked: Asked, query: URLSearchParams): BeaconAnswer {
  const { node, nowMs } = asked;
  const slot = query.get("slot");
  if (query.has("parent_root")) return beaconError(400, "parent_root is not supported");
  if (slot !== null && !/^\d{1,15}$/.test(slot)) return beaconError(400, `Invalid slot '${slot}'`);
  const head = node.head(nowMs);
  const blocks = slot !== null ? node.blocksAt(Number(slot), nowMs) : head === undefined ? [] : [head];
  const [first] = blocks;
  return {
    status: 200,
    body: {
      ...(first === undefined ? { execution_optimistic: false, finalized: false } : flags(asked, first)),
      data: blocks.map((block) => header(asked, block)),
    },
  };
}

function flags({ world, node, nowMs }: Asked, block: LoopBlock): { execution_optimistic: boolean; finalized: boolean } {
  const finalizedSlot = node.finality(nowMs).finalized.epoch * world.network.slotsPerEpoch;
  return {
    execution_optimistic: false,
    finalized: world.ancestry.slotOf(block) <= finalizedSlot && isCanonical({ world, node, nowMs }, block),
  };
}

function header(asked: Asked, block: LoopBlock) {
  const { world } = asked;
  return {
    root: world.ancestry.rootOf(block),
    canonical: isCanonical(asked, block),
    header: world.inLoop(block.block.header ?? headerOfOldBlock(block), block.loop),
  };
}

/** Genesis and what came before the recording: only the links are known, the rest is zero. */
function headerOfOldBlock({ block }: LoopBlock) {
  return {
    message: {
      slot: String(block.slot),
      proposer_index: "0",
      parent_root: block.parentRoot,
      state_root: ZERO_ROOT,
      body_root: ZERO_ROOT,
    },
    signature: ZERO_SIGNATURE,
  };
}

function wholeBlock(asked: Asked, block: LoopBlock): BeaconAnswer {
  const answer = block.block.answer as { version: string; data: unknown } | undefined;
  if (answer === undefined) return beaconError(404, "The block was not recorded");
  return {
    status: 200,
    headers: { "eth-consensus-version": answer.version },
    body: { version: answer.version, ...flags(asked, block), data: asked.world.inLoop(answer.data, block.loop) },
  };
}

function isCanonical({ world, node, nowMs }: Asked, block: LoopBlock): boolean {
  const there = node.chainAt(world.ancestry.slotOf(block), nowMs);
  return there?.loop === block.loop && there.block === block.block;
}
