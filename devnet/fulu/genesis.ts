import { type BeaconConfig, type ChainConfig, createBeaconConfig, createChainForkConfig } from "@lodestar/config";
import { FAR_FUTURE_EPOCH, ForkSeq } from "@lodestar/params";
import {
  type BeaconStateAllForks,
  type BeaconStateElectra,
  type BeaconStateFulu,
  type CachedBeaconStateElectra,
  computeEpochShuffling,
  computeProposerIndices,
  createCachedBeaconState,
  createPubkeyCache,
  getGenesisBeaconState,
  getNextSyncCommittee,
  interopSecretKey,
} from "@lodestar/state-transition";
import { ssz } from "@lodestar/types";
import { fromHex } from "@lodestar/utils";
import type { ExecutionBlock } from "./engine.ts";

export type Genesis = { config: BeaconConfig; state: CachedBeaconStateElectra };

const GWEI_PER_VALIDATOR = 32e9;
const EXECUTION_ADDRESS_CREDENTIALS = 0x01;
/** No deposit was ever requested: 2^64 - 1 (`UNSET_DEPOSIT_REQUESTS_START_INDEX`). */
const NO_DEPOSIT_REQUESTS = 2n ** 64n - 1n;

/** The state in which a network of interop validators begins; every node makes the same one for itself. */
export function createGenesis(input: {
  chainConfig: ChainConfig;
  genesisTimeS: number;
  validatorCount: number;
  executionBlock: ExecutionBlock;
}): Genesis {
  const { chainConfig, genesisTimeS, validatorCount, executionBlock } = input;
  const forkConfig = createChainForkConfig(chainConfig);
  const fork = forkConfig.getForkSeq(0);
  const noRoot = new Uint8Array(32);
  const state = getGenesisBeaconState(
    forkConfig,
    { depositRoot: noRoot, depositCount: BigInt(validatorCount), blockHash: fromHex(executionBlock.hash) },
    {
      slot: 0,
      proposerIndex: 0,
      parentRoot: noRoot,
      stateRoot: noRoot,
      bodyRoot: ssz.electra.BeaconBlockBody.hashTreeRoot(ssz.electra.BeaconBlockBody.defaultValue()),
    },
  ) as BeaconStateElectra;
  state.genesisTime = genesisTimeS;
  state.eth1DepositIndex = validatorCount;
  for (let index = 0; index < validatorCount; index += 1) addValidator(state, index);
  state.commit();
  state.genesisValidatorsRoot = state.validators.hashTreeRoot();
  state.latestExecutionPayloadHeader = ssz.deneb.ExecutionPayloadHeader.toViewDU(headerOf(executionBlock));

  const indices = Uint32Array.from({ length: validatorCount }, (_, index) => index);
  const increments = new Uint16Array(validatorCount).fill(32);
  const { syncCommittee } = getNextSyncCommittee(fork, state, indices, increments);
  state.currentSyncCommittee = ssz.altair.SyncCommittee.toViewDU(syncCommittee);
  state.nextSyncCommittee = ssz.altair.SyncCommittee.toViewDU(syncCommittee);
  state.depositRequestsStartIndex = NO_DEPOSIT_REQUESTS;
  state.commit();

  const config = createBeaconConfig(chainConfig, state.genesisValidatorsRoot);
  const cached = () => createCachedBeaconState(state, { config, pubkeyCache: createPubkeyCache() });
  if (fork >= ForkSeq.fulu) {
    const proposers = [0, 1].flatMap((epoch) => {
      const shuffling = computeEpochShuffling(state, indices, epoch);
      return computeProposerIndices(fork, cached(), shuffling, epoch);
    });
    setProposerLookahead(state, proposers);
  }
  return { config, state: cached() };
}

/** A field that the state has since Fulu. */
function setProposerLookahead(state: BeaconStateAllForks, proposers: number[]): void {
  (state as BeaconStateFulu).proposerLookahead = ssz.fulu.ProposerLookahead.toViewDU(proposers);
  state.commit();
}

function addValidator(state: BeaconStateElectra, index: number): void {
  const withdrawalCredentials = new Uint8Array(32);
  withdrawalCredentials[0] = EXECUTION_ADDRESS_CREDENTIALS;
  withdrawalCredentials.set(fromHex(`0x${(0xee0000 + index).toString(16).padStart(40, "0")}`), 12);
  state.validators.push(
    ssz.phase0.Validator.toViewDU({
      pubkey: interopSecretKey(index).toPublicKey().toBytes(),
      withdrawalCredentials,
      effectiveBalance: GWEI_PER_VALIDATOR,
      slashed: false,
      activationEligibilityEpoch: 0,
      activationEpoch: 0,
      exitEpoch: FAR_FUTURE_EPOCH,
      withdrawableEpoch: FAR_FUTURE_EPOCH,
    }),
  );
  state.balances.push(GWEI_PER_VALIDATOR);
  state.previousEpochParticipation.push(0);
  state.currentEpochParticipation.push(0);
  state.inactivityScores.push(0);
}

/** The header of an empty payload. */
function headerOf(block: ExecutionBlock) {
  return {
    parentHash: fromHex(block.parentHash),
    feeRecipient: fromHex(block.miner),
    stateRoot: fromHex(block.stateRoot),
    receiptsRoot: fromHex(block.receiptsRoot),
    logsBloom: fromHex(block.logsBloom),
    prevRandao: fromHex(block.mixHash),
    blockNumber: 0,
    gasLimit: Number(block.gasLimit),
    gasUsed: 0,
    timestamp: Number(block.timestamp),
    extraData: fromHex(block.extraData),
    baseFeePerGas: BigInt(block.baseFeePerGas),
    blockHash: fromHex(block.hash),
    transactionsRoot: ssz.bellatrix.Transactions.hashTreeRoot([]),
    withdrawalsRoot: ssz.capella.Withdrawals.hashTreeRoot([]),
    blobGasUsed: 0n,
    excessBlobGas: 0n,
  };
}
