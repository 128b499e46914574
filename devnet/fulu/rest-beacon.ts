import { ForkSeq, SYNC_COMMITTEE_SUBNET_COUNT } from "@lodestar/params";
import { computeEpochAtSlot, computeStartSlotAtEpoch } from "@lodestar/state-transition";
import { ssz } from "@lodestar/types";
import { toHex } from "@lodestar/utils";
import { type BeaconAnswer, beaconError } from "../../src/simulate/beacon-face.ts";
import type { ChainBlock } from "./chain.ts";
import type { NodeParts } from "./node-parts.ts";
import { type Route, route } from "./rest-route.ts";

/** `/eth/…/beacon`, duties and debug: what the node knows of the chain. */
export function beaconRoutes(parts: NodeParts): readonly Route[] {
  const { config, chain, settings } = parts;
  const isFinalized = ({ slot }: ChainBlock) => slot <= (chain.find("finalized")?.slot ?? 0);
  const headerJson = (block: ChainBlock) => ({
    root: block.root,
    canonical: chain.isCanonical(block),
    header: ssz.phase0.SignedBeaconBlockHeader.toJson(block.header),
  });
  const about = (block: ChainBlock, data: unknown): BeaconAnswer => ({
    status: 200,
    body: { execution_optimistic: false, finalized: isFinalized(block), data },
  });
  const ofBlock = (pattern: string, answer: (block: ChainBlock, query: URLSearchParams) => BeaconAnswer) =>
    route(pattern, ({ params: { id = "" }, query }) => {
      const block = chain.find(id);
      return block === undefined ? beaconError(404, `There is no block ${id}`) : answer(block, query);
    });
  const versioned = (block: ChainBlock, data: unknown): BeaconAnswer => {
    const version = config.getForkName(block.slot);
    return {
      status: 200,
      headers: { "eth-consensus-version": version },
      body: { version, execution_optimistic: false, finalized: isFinalized(block), data },
    };
  };

  return [
    route("/eth/v1/beacon/genesis", () => ({
      status: 200,
      body: {
        data: {
          genesis_time: String(settings.genesisTimeS),
          genesis_validators_root: toHex(config.genesisValidatorsRoot),
          genesis_fork_version: toHex(config.GENESIS_FORK_VERSION),
        },
      },
    })),
    route("/eth/v1/beacon/headers", ({ query }) => {
      const slot = query.get("slot");
      const blocks = slot === null ? [chain.head()] : [...chain.tree.all()].filter((one) => one.slot === Number(slot));
      return { status: 200, body: { execution_optimistic: false, finalized: false, data: blocks.map(headerJson) } };
    }),
    ofBlock("/eth/v1/beacon/headers/{id}", (block) => about(block, headerJson(block))),
    ofBlock("/eth/v1/beacon/blocks/{id}/root", (block) => about(block, { root: block.root })),
    ofBlock("/eth/v2/beacon/blocks/{id}", (block) =>
      block.signed === undefined
        ? beaconError(404, "Genesis has no signed block")
        : versioned(block, ssz.electra.SignedBeaconBlock.toJson(block.signed)),
    ),
    ofBlock("/eth/v2/beacon/blocks/{id}/attestations", (block) =>
      versioned(block, block.signed?.message.body.attestations.map((one) => ssz.electra.Attestation.toJson(one)) ?? []),
    ),
    ...stateRoutes(parts, about),
    route("/eth/v1/validator/duties/proposer/{epoch}", ({ params }) => proposerDuties(parts, Number(params["epoch"]))),
    route("/eth/v1/debug/fork_choice", () => forkChoiceDump(parts)),
    route("/eth/v2/debug/beacon/heads", () => ({
      status: 200,
      body: {
        data: [...chain.tree.all()]
          .filter(({ root }) => chain.tree.children(root).length === 0)
          .map(({ root, slot }) => ({ root, slot: String(slot), execution_optimistic: false })),
      },
    })),
  ];
}

function stateRoutes(
  { chain }: NodeParts,
  about: (block: ChainBlock, data: unknown) => BeaconAnswer,
): readonly Route[] {
  type Known = { block: ChainBlock; state: NonNullable<ChainBlock["state"]>; query: URLSearchParams };
  const ofState = (pattern: string, data: (known: Known) => unknown) =>
    route(`/eth/v1/beacon/states/{id}/${pattern}`, ({ params: { id = "" }, query }) => {
      const block = chain.find(id);
      if (block?.state === undefined) return beaconError(404, `The state ${id} is not kept`);
      const found = data({ block, state: block.state, query });
      return found === undefined ? beaconError(400, "The state does not know that epoch") : about(block, found);
    });
  return [
    ofState("root", ({ block }) => ({ root: block.stateRoot })),
    ofState("fork", ({ state }) => ssz.phase0.Fork.toJson(state.fork.toValue())),
    ofState("finality_checkpoints", ({ state }) => ({
      previous_justified: ssz.phase0.Checkpoint.toJson(state.previousJustifiedCheckpoint),
      current_justified: ssz.phase0.Checkpoint.toJson(state.currentJustifiedCheckpoint),
      finalized: ssz.phase0.Checkpoint.toJson(state.finalizedCheckpoint),
    })),
    // Every validator of this network is active: what a query asks for by status is all of them.
    ofState("validators", ({ state }) => {
      const balances = state.balances.getAll();
      return state.validators.getAllReadonlyValues().map((validator, index) => ({
        index: String(index),
        balance: String(balances[index]),
        status: validator.slashed ? "active_slashed" : "active_ongoing",
        validator: ssz.phase0.Validator.toJson(validator),
      }));
    }),
    ofState("sync_committees", ({ state }) => {
      const validators = [...state.epochCtx.currentSyncCommitteeIndexed.validatorIndices].map(String);
      const size = validators.length / SYNC_COMMITTEE_SUBNET_COUNT;
      const validator_aggregates = Array.from({ length: SYNC_COMMITTEE_SUBNET_COUNT }, (_, subnet) =>
        validators.slice(subnet * size, (subnet + 1) * size),
      );
      return { validators, validator_aggregates };
    }),
    ofState("committees", ({ state, query }) => {
      const epoch = Number(query.get("epoch") ?? computeEpochAtSlot(state.slot));
      return state.epochCtx.getShufflingAtEpochOrNull(epoch)?.committees.flatMap((committees, offset) =>
        committees.map((committee, index) => ({
          index: String(index),
          slot: String(computeStartSlotAtEpoch(epoch) + offset),
          validators: [...committee].map(String),
        })),
      );
    }),
  ];
}

/** Of the current epoch and, since Fulu's lookahead, of the next one. */
function proposerDuties({ chain, clock, config, epochStates }: NodeParts, epoch: number): BeaconAnswer {
  const head = chain.head();
  const currentSlot = Math.max(head.slot, clock.slotNow());
  const currentEpoch = computeEpochAtSlot(currentSlot);
  const state = epochStates(head.root, currentSlot);
  const isFulu = config.getForkSeq(currentSlot) >= ForkSeq.fulu;
  const proposers =
    epoch === currentEpoch
      ? state.epochCtx.getBeaconProposers()
      : epoch === currentEpoch + 1 && isFulu
        ? state.epochCtx.getBeaconProposersNextEpoch()
        : undefined;
  if (proposers === undefined) return beaconError(400, `Epoch ${epoch} is out of range, now is ${currentEpoch}`);
  return {
    status: 200,
    body: {
      dependent_root: chain.dependentRoot(head.root, isFulu ? epoch - 1 : epoch),
      execution_optimistic: false,
      data: proposers.map((validator, offset) => ({
        pubkey: toHex(state.validators.getReadonly(validator).pubkey),
        validator_index: String(validator),
        slot: String(computeStartSlotAtEpoch(epoch) + offset),
      })),
    },
  };
}

function forkChoiceDump({ chain }: NodeParts): BeaconAnswer {
  const { justified, finalized } = chain.forkChoice.checkpoints();
  const weights = chain.forkChoice.weights();
  const firstSlot = chain.tree.known(finalized.root).slot;
  const checkpoint = ({ epoch, root }: { epoch: number; root: string }) => ({ epoch: String(epoch), root });
  return {
    status: 200,
    body: {
      justified_checkpoint: checkpoint(justified),
      finalized_checkpoint: checkpoint(finalized),
      fork_choice_nodes: [...chain.tree.all()]
        .filter(({ slot }) => slot >= firstSlot)
        .map((block) => ({
          slot: String(block.slot),
          block_root: block.root,
          parent_root: block.parentRoot,
          justified_epoch: String(block.checkpoints.justified.epoch),
          finalized_epoch: String(block.checkpoints.finalized.epoch),
          // Every validator weighs 32 ETH here; the API tells gwei.
          weight: String(Math.round((weights.get(block.root) ?? 0) * 32e9)),
          validity: "valid",
          execution_block_hash: block.executionHash,
          extra_data: {},
        })),
      extra_data: {},
    },
  };
}
