import {
  type CachedBeaconStateElectra,
  computeEpochAtSlot,
  computeStartSlotAtEpoch,
  DataAvailabilityStatus,
  ExecutionPayloadStatus,
  processSlots,
  stateTransition,
} from "@lodestar/state-transition";
import { type electra, ssz } from "@lodestar/types";
import { toHex, toRootHex } from "@lodestar/utils";
import { messageOf } from "../../src/lib/fault.ts";
import type { Log } from "../../src/lib/log.ts";
import { sleep } from "../../src/lib/sleep.ts";
import type { Chain, ChainBlock } from "./chain.ts";
import type { Engine } from "./engine.ts";
import type { NodeFaults } from "./faults.ts";
import type { Checkpoints } from "./fork-choice.ts";
import { payloadToJson } from "./payload-json.ts";
import { MAXIMUM_GOSSIP_CLOCK_DISPARITY_MS, type SlotClock } from "./slot-clock.ts";
import { versionedHash } from "./versioned-hash.ts";

/** Imports one block after the other; true when the chain has it afterwards. */
export type BlockImport = (input: { signed: electra.SignedBeaconBlock; receivedMs: number }) => Promise<boolean>;

export const rootOf = ({ message }: electra.SignedBeaconBlock): string =>
  toRootHex(ssz.electra.BeaconBlock.hashTreeRoot(message));

/** The whole state transition with all signatures, and the engine's verdict on the payload. */
export function createBlockImport(input: {
  chain: Chain;
  engine: Engine;
  clock: SlotClock;
  attestationDueMs: number;
  faults: Readonly<NodeFaults>;
  log: Log;
  signal: AbortSignal;
  /** The chain has a new block. */
  onImported(slot: number): void;
}): BlockImport {
  const { chain, engine, clock, attestationDueMs, faults, log, signal, onImported } = input;
  let last: Promise<unknown> = Promise.resolve();

  const importOne = async (signed: electra.SignedBeaconBlock, receivedMs: number): Promise<boolean> => {
    const { message: block } = signed;
    const root = rootOf(signed);
    if (chain.tree.get(root) !== undefined) return true;
    const parent = chain.tree.get(toRootHex(block.parentRoot));
    if (parent?.state === undefined) return false;
    const state = stateTransition(parent.state, signed, {
      verifyStateRoot: true,
      verifyProposer: true,
      verifySignatures: true,
      executionPayloadStatus: ExecutionPayloadStatus.valid,
      dataAvailabilityStatus: DataAvailabilityStatus.Available,
    }) as CachedBeaconStateElectra;
    await sleep(faults.importDelayMs);
    const verdict = await engine.newPayload({
      payload: payloadToJson(block.body.executionPayload),
      versionedHashes: block.body.blobKzgCommitments.map(versionedHash),
      parentRoot: parent.root,
    });
    if (verdict !== "VALID") log.warn({ slot: block.slot, root, verdict }, "The engine did not find a payload valid");
    chain.add({
      ...fieldsOf(signed, state),
      root,
      parentRoot: parent.root,
      timely: receivedMs < clock.startMs(block.slot) + attestationDueMs,
    });
    log.info(
      {
        slot: block.slot,
        root,
        proposer: block.proposerIndex,
        delayMs: Math.round(receivedMs - clock.startMs(block.slot)),
        attestations: block.body.attestations.length,
        blobs: block.body.blobKzgCommitments.length,
      },
      "A block was imported",
    );
    onImported(block.slot);
    return true;
  };

  return async ({ signed, receivedMs }) => {
    // `on_block` of phase0/fork-choice.md takes no block of a slot that has not begun.
    await clock.until(clock.startMs(signed.message.slot) - MAXIMUM_GOSSIP_CLOCK_DISPARITY_MS, signal);
    const done = last
      .then(() => importOne(signed, receivedMs))
      .catch((error: unknown) => {
        log.error({ slot: signed.message.slot, reason: messageOf(error) }, "A block could not be imported");
        return false;
      });
    last = done;
    return done;
  };
}

function fieldsOf(
  signed: electra.SignedBeaconBlock,
  state: CachedBeaconStateElectra,
): Omit<ChainBlock, "root" | "parentRoot" | "timely"> {
  const { message: block, signature } = signed;
  const bodyRoot = ssz.electra.BeaconBlockBody.hashTreeRoot(block.body);
  const { slot, proposerIndex, parentRoot, stateRoot } = block;
  const nextEpochSlot = computeStartSlotAtEpoch(computeEpochAtSlot(slot) + 1);
  const pulledUp = processSlots(state, nextEpochSlot, { dontTransferCache: true }) as CachedBeaconStateElectra;
  return {
    slot,
    checkpoints: checkpointsOf(state),
    unrealized: checkpointsOf(pulledUp),
    stateRoot: toRootHex(stateRoot),
    executionHash: toHex(block.body.executionPayload.blockHash),
    header: { message: { slot, proposerIndex, parentRoot, stateRoot, bodyRoot }, signature },
    signed,
    state,
  };
}

function checkpointsOf({ currentJustifiedCheckpoint, finalizedCheckpoint }: CachedBeaconStateElectra): Checkpoints {
  return {
    justified: { epoch: currentJustifiedCheckpoint.epoch, root: toRootHex(currentJustifiedCheckpoint.root) },
    finalized: { epoch: finalizedCheckpoint.epoch, root: toRootHex(finalizedCheckpoint.root) },
  };
}
