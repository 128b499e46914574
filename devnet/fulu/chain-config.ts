import type { ChainConfig } from "@lodestar/config";
import { minimalChainConfig } from "@lodestar/config/configs";
import type { NodeSettings } from "./settings.ts";

/** The minimal preset's network: Electra at genesis, Fulu from `fuluEpoch` on. The preset itself is the environment's. */
export function createChainConfig(settings: NodeSettings): ChainConfig {
  const { genesisTimeS, slotSeconds, validatorCount, fuluEpoch } = settings;
  return {
    ...minimalChainConfig,
    CONFIG_NAME: "ethmon-devnet",
    MIN_GENESIS_TIME: genesisTimeS,
    GENESIS_DELAY: 0,
    MIN_GENESIS_ACTIVE_VALIDATOR_COUNT: validatorCount,
    SECONDS_PER_SLOT: slotSeconds,
    SLOT_DURATION_MS: slotSeconds * 1000,
    DEPOSIT_CHAIN_ID: CHAIN_ID,
    DEPOSIT_NETWORK_ID: CHAIN_ID,
    GENESIS_FORK_VERSION: forkVersion(0x10),
    ALTAIR_FORK_VERSION: forkVersion(0x20),
    BELLATRIX_FORK_VERSION: forkVersion(0x30),
    CAPELLA_FORK_VERSION: forkVersion(0x40),
    DENEB_FORK_VERSION: forkVersion(0x50),
    ELECTRA_FORK_VERSION: forkVersion(0x60),
    FULU_FORK_VERSION: forkVersion(0x70),
    ALTAIR_FORK_EPOCH: 0,
    BELLATRIX_FORK_EPOCH: 0,
    CAPELLA_FORK_EPOCH: 0,
    DENEB_FORK_EPOCH: 0,
    ELECTRA_FORK_EPOCH: 0,
    FULU_FORK_EPOCH: fuluEpoch,
    GLOAS_FORK_EPOCH: Number.POSITIVE_INFINITY,
    HEZE_FORK_EPOCH: Number.POSITIVE_INFINITY,
    TERMINAL_TOTAL_DIFFICULTY: 0n,
    BLOB_SCHEDULE: [],
  };
}

const CHAIN_ID = 1337;

const forkVersion = (fork: number) => Uint8Array.of(fork, 0, 0, 0x39);
