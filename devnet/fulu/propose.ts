import { routes } from "@lodestar/api";
import { DOMAIN_BEACON_PROPOSER, DOMAIN_RANDAO, ForkSeq } from "@lodestar/params";
import {
  type CachedBeaconStateElectra,
  computeEpochAtSlot,
  DataAvailabilityStatus,
  ExecutionPayloadStatus,
  getExpectedWithdrawals,
  getRandaoMix,
  processSlots,
  stateTransition,
} from "@lodestar/state-transition";
import { type capella, type electra, ssz } from "@lodestar/types";
import { fromHex, toHex } from "@lodestar/utils";
import { sleep } from "../../src/lib/sleep.ts";
import type { ChainBlock } from "./chain.ts";
import type { BuiltPayload, PayloadAttributes } from "./engine.ts";
import { setExecutionHead } from "./execution-head.ts";
import type { Gossip } from "./gossip.ts";
import { rootOf } from "./import-block.ts";
import type { NodeParts } from "./node-parts.ts";
import { attestationsFor } from "./pack-attestations.ts";
import { payloadFromJson, quantity, withdrawalToJson } from "./payload-json.ts";

/** An engine is given this long to fill a payload. */
const BUILD_MS = 120;

/** Proposes in a slot when one of the node's validators has it; tells the engine of the head otherwise. */
export function createProposer(parts: NodeParts, gossip: Gossip): (slot: number) => Promise<void> {
  const { chain, epochStates, engine, events, faults, report, signer, settings } = parts;

  return async (slot) => {
    const parent = chain.tree.known(chain.forkChoice.proposerHead(slot));
    // A clock that is behind by slots may stand before its own head.
    if (parent.slot >= slot || parent.state === undefined) return;
    const proposer = epochStates(parent.root, slot).epochCtx.getBeaconProposer(slot);
    const state = processSlots(parent.state, slot, { dontTransferCache: true }) as CachedBeaconStateElectra;
    const timestampS = settings.genesisTimeS + slot * settings.slotSeconds;
    const attributes = tellAttributes({ parts, parent, state, proposer, timestampS });
    if (!signer.holds(proposer)) {
      await setExecutionHead({ chain, engine, root: parent.root });
      return;
    }
    if (faults.proposalsOff) {
      report({ kind: "proposal_withheld", slot });
      return;
    }
    const payload = await buildPayload(parts, { parent, attributes, slot });
    if (faults.proposalDelayMs > 0) {
      await sleep(faults.proposalDelayMs);
      report({ kind: "proposal_delayed", slot });
    }
    const make = (mark: string) => makeBlock({ parts, parent, state, slot, proposer, payload, mark });
    const signed = make("");
    events.tell({ type: routes.events.EventType.blockGossip, message: { slot, block: rootOf(signed) } });
    if (!faults.equivocates) {
      publish(parts, gossip, signed);
      await parts.importBlock({ signed, receivedMs: parts.clock.nowMs() });
      return;
    }
    const other = make(" 2");
    report({ kind: "proposal_doubled", slot, roots: [rootOf(signed), rootOf(other)] });
    const [first = "", ...rest] = gossip.connected();
    publish(parts, gossip, signed, [first]);
    publish(parts, gossip, other, rest);
    // It has both itself: to which peer which block comes first is a race, and gossip ignores the second.
    for (const own of [signed, other]) await parts.importBlock({ signed: own, receivedMs: parts.clock.nowMs() });
  };
}

async function buildPayload(
  { chain, engine, config }: NodeParts,
  { parent, attributes, slot }: { parent: ChainBlock; attributes: PayloadAttributes; slot: number },
): Promise<BuiltPayload> {
  const id = await setExecutionHead({ chain, engine, root: parent.root, attributes });
  if (id === null) throw new Error("the engine does not build on the block");
  await sleep(BUILD_MS);
  const isFulu = config.getForkSeq(slot) >= ForkSeq.fulu;
  return engine.getPayload(id, isFulu ? "engine_getPayloadV5" : "engine_getPayloadV4");
}

function publish(
  { blobs }: NodeParts,
  gossip: Gossip,
  signed: electra.SignedBeaconBlock,
  to?: readonly string[],
): void {
  const { slot, body } = signed.message;
  gossip.publish("block", toHex(ssz.electra.SignedBeaconBlock.serialize(signed)), to);
  if (body.blobKzgCommitments.length === 0) return;
  const notice = {
    root: rootOf(signed),
    slot,
    commitments: body.blobKzgCommitments.map((commitment) => toHex(commitment)),
  };
  gossip.publish("blobs", JSON.stringify(notice), to);
  void blobs.note(notice);
}

function tellAttributes(input: {
  parts: NodeParts;
  parent: ChainBlock;
  state: CachedBeaconStateElectra;
  proposer: number;
  timestampS: number;
}): PayloadAttributes {
  const { parts, parent, state, proposer, timestampS } = input;
  const { config, events } = parts;
  const prevRandao = getRandaoMix(state, computeEpochAtSlot(state.slot));
  const suggestedFeeRecipient = `0x${(0xfee0000 + proposer).toString(16).padStart(40, "0")}`;
  const withdrawals: capella.Withdrawal[] = getExpectedWithdrawals(
    config.getForkSeq(state.slot),
    state,
  ).expectedWithdrawals;
  const parentBeaconBlockRoot = fromHex(parent.root);
  events.tell({
    type: routes.events.EventType.payloadAttributes,
    message: {
      version: config.getForkName(state.slot),
      data: {
        proposerIndex: proposer,
        proposalSlot: state.slot,
        parentBlockNumber: state.latestExecutionPayloadHeader.blockNumber,
        parentBlockRoot: parentBeaconBlockRoot,
        parentBlockHash: fromHex(parent.executionHash),
        payloadAttributes: {
          timestamp: timestampS,
          prevRandao,
          suggestedFeeRecipient,
          withdrawals,
          parentBeaconBlockRoot,
        },
      },
    },
  });
  return {
    timestamp: quantity(timestampS),
    prevRandao: toHex(prevRandao),
    suggestedFeeRecipient,
    withdrawals: withdrawals.map(withdrawalToJson),
    parentBeaconBlockRoot: parent.root,
  };
}

/** `mark` goes into the graffiti: two blocks that differ by it alone are an equivocation. */
function makeBlock(input: {
  parts: NodeParts;
  parent: ChainBlock;
  state: CachedBeaconStateElectra;
  slot: number;
  proposer: number;
  payload: BuiltPayload;
  mark: string;
}): electra.SignedBeaconBlock {
  const { parts, parent, state, slot, proposer, payload, mark } = input;
  const { signer, settings, syncMessages, chain } = parts;
  const graffiti = new Uint8Array(32);
  graffiti.set(Buffer.from(`ethmon-devnode ${settings.name}${mark}`));
  const members = state.epochCtx.getIndexedSyncCommittee(slot - 1).validatorIndices;
  const sync = syncMessages.aggregate({ slot: slot - 1, root: parent.root, members });
  const message: electra.BeaconBlock = {
    slot,
    proposerIndex: proposer,
    parentRoot: fromHex(parent.root),
    stateRoot: new Uint8Array(32),
    body: {
      ...ssz.electra.BeaconBlockBody.defaultValue(),
      randaoReveal: signer.sign({
        validator: proposer,
        type: ssz.Epoch,
        value: computeEpochAtSlot(slot),
        domain: DOMAIN_RANDAO,
        slot,
      }),
      eth1Data: state.eth1Data.toValue(),
      graffiti,
      attestations: attestationsFor({ pool: parts.attestations, tree: chain.tree, parentRoot: parent.root, state }),
      syncAggregate: { syncCommitteeBits: sync.bits, syncCommitteeSignature: sync.signature },
      executionPayload: payloadFromJson(payload.executionPayload),
      blobKzgCommitments: payload.blobsBundle.commitments.map((commitment) => fromHex(commitment)),
    },
  };
  const unsigned = { message, signature: new Uint8Array(96) };
  const post = stateTransition(state, unsigned, {
    verifyStateRoot: false,
    verifyProposer: false,
    verifySignatures: false,
    dontTransferCache: true,
    executionPayloadStatus: ExecutionPayloadStatus.valid,
    dataAvailabilityStatus: DataAvailabilityStatus.Available,
  });
  message.stateRoot = post.hashTreeRoot();
  const signature = signer.sign({
    validator: proposer,
    type: ssz.electra.BeaconBlock,
    value: message,
    domain: DOMAIN_BEACON_PROPOSER,
    slot,
  });
  return { message, signature };
}
