import type { RestEnvelope } from "../../src/events/envelope.ts";
import { type FakeNode, startFakeNode } from "../rigs/fake-node.ts";
import { plainBlockOf } from "../rigs/plain-block.ts";
import { GENESIS_S, rootOf, SPEC, type Truth } from "./truth.ts";

/** A node of the truth over real HTTP: what it says over REST is true, but for a page of HTML now and then. */
export type Face = FakeNode & {
  /** The block with this root is the node's head from now on, whether or not its stream tells so. */
  turnTo(root: string, slot: number): void;
};

/** One block in 256 is answered with a page at first, as by a proxy that has lost its node. */
const HTML_SUFFIX = "00";

const ZERO = `0x${"00".repeat(32)}`;
const GENESIS = {
  data: { root: rootOf("genesis"), header: { message: { slot: "0", proposer_index: "0", parent_root: ZERO } } },
};

export async function startFace(truth: Truth): Promise<Face> {
  const headers = new Map(
    truth.envelopes.filter((envelope) => envelope.kind === "rest").map((rest: RestEnvelope) => [rest.path, rest.body]),
  );
  const node = await startFakeNode({ genesisTimeS: GENESIS_S, spec: SPEC });
  const given = new Set<string>();
  let head: { path: string; slot: number } | undefined;

  const answer = (path: string, bodyOf: (header: unknown) => unknown) => {
    const isFirst = !given.has(path);
    given.add(path);
    if (isFirst && path.endsWith(HTML_SUFFIX)) return { raw: "<html><body>It works!</body></html>" };
    const header = headers.get(`/eth/v1/beacon/headers/${path.slice(path.lastIndexOf("/") + 1)}`);
    if (header === undefined) return { status: 404, body: { code: 404, message: "Block not found" } };
    return { body: bodyOf(header) };
  };
  node.answer(/\/headers\/0x/, (path) => answer(path, (header) => header));
  node.answer(/\/blocks\/0x/, (path) => answer(path, plainBlockOf));
  node.answer("/eth/v1/beacon/headers/head", () => ({ body: head === undefined ? GENESIS : headers.get(head.path) }));
  const syncing = { sync_distance: "0", is_syncing: false, is_optimistic: false, el_offline: false };
  node.answer("/eth/v1/node/syncing", () => ({ body: { data: { head_slot: String(head?.slot ?? 0), ...syncing } } }));
  node.answer(/\/validator\/duties\/proposer\/\d+$/, (path) => {
    const firstSlot = Number(path.slice(path.lastIndexOf("/") + 1)) * truth.chain.slotsPerEpoch;
    const data = Array.from({ length: truth.chain.slotsPerEpoch }, (_, index) => ({
      validator_index: String((firstSlot + index) % 1000),
      slot: String(firstSlot + index),
    }));
    return { body: { dependent_root: ZERO, data } };
  });
  return {
    ...node,
    turnTo(root, slot) {
      head = { path: `/eth/v1/beacon/headers/${root}`, slot };
    },
  };
}
