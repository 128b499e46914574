import { type BeaconAnswer, beaconError } from "./beacon-face.ts";
import { type DemoRoute, type DemoRouteInput, notRecorded } from "./demo-route.ts";
import type { Checkpoint, FinalityCheckpoints } from "./finality.ts";

const FORK_CHOICE = "/eth/v1/debug/fork_choice";

/** Finality, committees, duties and fork choice. Of the future, nothing beyond the next epoch is known. */
export function epochRoutes(input: DemoRouteInput): DemoRoute[] {
  return [
    {
      pattern: /^\/eth\/v1\/beacon\/states\/([^/]+)\/finality_checkpoints$/,
      answer: ({ id, nowMs }) => finalityCheckpoints(input, { state: id, nowMs }),
    },
    {
      pattern: /^\/eth\/v1\/beacon\/states\/head\/committees$/,
      answer: ({ query, nowMs }) => committees(input, { query, nowMs }),
    },
    {
      pattern: /^\/eth\/v1\/validator\/duties\/proposer\/([^/]+)$/,
      answer: ({ id, nowMs }) => proposerDuties(input, { epoch: id, nowMs }),
    },
    {
      pattern: /^\/eth\/v1\/debug\/fork_choice$/,
      answer: ({ nowMs }) => forkChoice(input, nowMs),
    },
  ];
}

function finalityCheckpoints(
  { world, node }: DemoRouteInput,
  { state, nowMs }: { state: string; nowMs: number },
): BeaconAnswer {
  const ofHead = node.finality(nowMs);
  const known: Record<string, FinalityCheckpoints> = {
    head: ofHead,
    finalized: world.finality.at(ofHead.finalized.epoch),
    justified: world.finality.at(ofHead.currentJustified.epoch),
  };
  const checkpoints = known[state];
  if (checkpoints === undefined) return beaconError(404, `No state found for id '${state}'`);
  return {
    status: 200,
    body: {
      execution_optimistic: false,
      finalized: state === "finalized",
      data: {
        previous_justified: checkpointBody(checkpoints.previousJustified),
        current_justified: checkpointBody(checkpoints.currentJustified),
        finalized: checkpointBody(checkpoints.finalized),
      },
    },
  };
}

function checkpointBody({ epoch, root }: Checkpoint): { epoch: string; root: string } {
  return { epoch: String(epoch), root };
}

function committees(input: DemoRouteInput, { query, nowMs }: { query: URLSearchParams; nowMs: number }): BeaconAnswer {
  const asked = query.get("epoch") ?? String(currentEpoch(input, nowMs));
  const answer = answerOfEpoch(input, {
    asked,
    nowMs,
    path: (epoch) => `/eth/v1/beacon/states/head/committees?epoch=${epoch}`,
  });
  if ("status" in answer) return answer;
  const slot = query.get("slot");
  const index = query.get("index");
  const { data } = answer.body as { data: { slot: string; index: string }[] };
  return {
    status: 200,
    body: {
      ...answer.body,
      data: data.filter((item) => (slot ?? item.slot) === item.slot && (index ?? item.index) === item.index),
    },
  };
}

/** The dependent root is the last block before the epoch on the node's own chain, as it is by now. */
function proposerDuties(input: DemoRouteInput, { epoch, nowMs }: { epoch: string; nowMs: number }): BeaconAnswer {
  const { world, node } = input;
  const answer = answerOfEpoch(input, {
    asked: epoch,
    nowMs,
    path: (recorded) => `/eth/v1/validator/duties/proposer/${recorded}`,
  });
  if ("status" in answer) return answer;
  const dependent = node.chainAt(Number(epoch) * world.network.slotsPerEpoch - 1, nowMs) ?? node.chainAt(0, nowMs);
  return {
    status: 200,
    body: {
      ...answer.body,
      ...(dependent === undefined ? {} : { dependent_root: world.ancestry.rootOf(dependent) }),
    },
  };
}

function answerOfEpoch(
  input: DemoRouteInput,
  { asked, nowMs, path }: { asked: string; nowMs: number; path: (recordedEpoch: number) => string },
): BeaconAnswer | { body: object } {
  const { world, peers } = input;
  const { slotsPerEpoch } = world.network;
  if (!/^\d{1,15}$/.test(asked)) return beaconError(400, `Invalid epoch '${asked}'`);
  const current = currentEpoch(input, nowMs);
  if (Number(asked) > current + 1) {
    return beaconError(400, `Requesting epoch ${asked} is too far in the future, current epoch: ${current}`);
  }
  const { loop, at } = world.placeOfSlot(Number(asked) * slotsPerEpoch);
  const recordedPath = path(at / slotsPerEpoch);
  for (const peer of peers) {
    const body = peer.asRecorded(recordedPath);
    if (body !== undefined) return { body: world.inLoop(body, loop) as object };
  }
  return notRecorded(recordedPath);
}

/**
 * The latest dump that was recorded. Its checkpoints are those of the played network; of an older block they cannot
 * be newer.
 */
function forkChoice({ node }: DemoRouteInput, nowMs: number): BeaconAnswer {
  const dump = node.recorded(FORK_CHOICE, nowMs) as { fork_choice_nodes: Record<string, unknown>[] } | undefined;
  if (dump === undefined) return notRecorded(FORK_CHOICE);
  const { currentJustified, finalized } = node.finality(nowMs);
  return {
    status: 200,
    body: {
      ...dump,
      justified_checkpoint: checkpointBody(currentJustified),
      finalized_checkpoint: checkpointBody(finalized),
      fork_choice_nodes: dump.fork_choice_nodes.map((item) => ({
        ...item,
        justified_epoch: String(Math.min(Number(item["justified_epoch"]), currentJustified.epoch)),
        finalized_epoch: String(Math.min(Number(item["finalized_epoch"]), finalized.epoch)),
      })),
    },
  };
}

function currentEpoch({ world }: DemoRouteInput, nowMs: number): number {
  return Math.max(0, Math.floor(world.slotAt(nowMs) / world.network.slotsPerEpoch));
}
