import { type BeaconAnswer, beaconError } from "../beacon-face.ts";
import { epochOf, headerOf, signedBlock } from "./block-answer.ts";
import { signatureOf } from "./event-texts.ts";
import { type SimulatedBlock, type SimulatedChain, SLOTS_PER_EPOCH } from "./simulated-chain.ts";
import type { SlotPlan } from "./slot-plan.ts";

/** One simulated node: what it says of itself, and the head that it has. */
export type SimulatedNode = {
  name: string;
  version: string;
  custodyGroups: number;
  planOf(slot: number): SlotPlan;
  head(nowMs: number): SimulatedBlock;
};

type Question = { query: URLSearchParams; nowMs: number; id: string };
type Route = { pattern: RegExp; answer(question: Question): BeaconAnswer };

const FAR_FUTURE_EPOCH = "18446744073709551615";
const VALIDATORS_A_PIECE = 512;

/** Answers the questions of the Beacon API that a monitor asks of one simulated node, as of a moment. */
export function createMainnetAnswers(
  chain: SimulatedChain,
  node: SimulatedNode,
): (question: { path: string; query: URLSearchParams; nowMs: number }) => BeaconAnswer {
  const routes = [...nodeRoutes(chain, node), ...chainRoutes(chain, node)];
  return ({ path, query, nowMs }) => {
    for (const { pattern, answer } of routes) {
      const match = pattern.exec(path);
      if (match !== null) return answer({ query, nowMs, id: match[1] ?? "" });
    }
    return beaconError(404, `Route GET:${path} not found`);
  };
}

const ok = (data: unknown, rest: object = {}): BeaconAnswer => ({ status: 200, body: { ...rest, data } });

function nodeRoutes(chain: SimulatedChain, node: SimulatedNode): Route[] {
  const { slotMs, genesisTimeS, genesisValidatorsRoot } = chain;
  return [
    {
      pattern: /^\/eth\/v1\/config\/spec$/,
      answer: () =>
        ok({
          CONFIG_NAME: "simulated-mainnet",
          PRESET_BASE: "mainnet",
          SECONDS_PER_SLOT: String(Math.ceil(slotMs / 1000)),
          SLOT_DURATION_MS: String(slotMs),
          SLOTS_PER_EPOCH: String(SLOTS_PER_EPOCH),
          MIN_GENESIS_TIME: String(genesisTimeS),
          ALTAIR_FORK_EPOCH: "0",
          BELLATRIX_FORK_EPOCH: "0",
          CAPELLA_FORK_EPOCH: "0",
          DENEB_FORK_EPOCH: "0",
          ELECTRA_FORK_EPOCH: "0",
          FULU_FORK_EPOCH: "0",
          GLOAS_FORK_EPOCH: FAR_FUTURE_EPOCH,
          ATTESTATION_DUE_BPS: "3333",
          AGGREGATE_DUE_BPS: "6667",
          SYNC_MESSAGE_DUE_BPS: "3333",
          CONTRIBUTION_DUE_BPS: "6667",
          MAX_COMMITTEES_PER_SLOT: "64",
          TARGET_COMMITTEE_SIZE: "128",
          SYNC_COMMITTEE_SIZE: "512",
          MAX_BLOBS_PER_BLOCK: "6",
          MAX_BLOBS_PER_BLOCK_ELECTRA: "9",
          NUMBER_OF_COLUMNS: "128",
          NUMBER_OF_CUSTODY_GROUPS: "128",
        }),
    },
    {
      pattern: /^\/eth\/v1\/beacon\/genesis$/,
      answer: () =>
        ok({
          genesis_time: String(genesisTimeS),
          genesis_validators_root: genesisValidatorsRoot,
          genesis_fork_version: "0x00000000",
        }),
    },
    { pattern: /^\/eth\/v1\/node\/version$/, answer: () => ok({ version: node.version }) },
    {
      pattern: /^\/eth\/v1\/node\/identity$/,
      answer: () =>
        ok({
          peer_id: `16Uiu2${node.name}`,
          enr: `enr:-${node.name}`,
          p2p_addresses: [],
          discovery_addresses: [],
          metadata: { seq_number: "1", attnets: "0xffffffffffffffff", custody_group_count: String(node.custodyGroups) },
        }),
    },
    {
      pattern: /^\/eth\/v1\/node\/peer_count$/,
      answer: () => ok({ connected: "100", connecting: "0", disconnected: "400", disconnecting: "0" }),
    },
    {
      pattern: /^\/eth\/v1\/node\/syncing$/,
      answer({ nowMs }) {
        const head = node.head(nowMs).slot;
        return ok({
          head_slot: String(head),
          sync_distance: String(Math.max(0, chain.slotAt(nowMs) - head)),
          is_syncing: false,
          is_optimistic: false,
          el_offline: false,
        });
      },
    },
    { pattern: /^\/eth\/v1\/node\/health$/, answer: () => ({ status: 200 }) },
  ];
}

function chainRoutes(chain: SimulatedChain, node: SimulatedNode): Route[] {
  const blockOf = (id: string, nowMs: number): SimulatedBlock | undefined => {
    const head = node.head(nowMs);
    if (id === "head") return head;
    const block = /^\d+$/.test(id) ? chain.blockAt(Number(id)) : chain.blockOfRoot(id);
    return block !== undefined && block.slot <= head.slot ? block : undefined;
  };
  const notFound = (id: string) => beaconError(404, `No block found for id '${id}'`);
  return [
    {
      pattern: /^\/eth\/v1\/beacon\/headers\/([^/]+)$/,
      answer({ id, nowMs }) {
        const block = blockOf(id, nowMs);
        return block === undefined ? notFound(id) : ok(headerOf(block));
      },
    },
    {
      pattern: /^\/eth\/v2\/beacon\/blocks\/([^/]+)$/,
      answer({ id, nowMs }) {
        const block = blockOf(id, nowMs);
        if (block === undefined) return notFound(id);
        return ok(signedBlock({ chain, block, planOf: node.planOf }), {
          version: "fulu",
          execution_optimistic: false,
          finalized: false,
        });
      },
    },
    {
      pattern: /^\/eth\/v1\/beacon\/states\/head\/finality_checkpoints$/,
      answer({ nowMs }) {
        const epoch = epochOf(node.head(nowMs).slot);
        const checkpoint = (of: number) => {
          const { root } = chain.checkpoint(of);
          return { epoch: String(of), root };
        };
        return ok({
          previous_justified: checkpoint(epoch - 2),
          current_justified: checkpoint(epoch - 1),
          finalized: checkpoint(epoch - 2),
        });
      },
    },
    {
      pattern: /^\/eth\/v1\/validator\/duties\/proposer\/(\d+)$/,
      answer({ id, nowMs }) {
        const epoch = Number(id);
        if (epoch > epochOf(chain.slotAt(nowMs)) + 1) return beaconError(400, `Epoch ${id} is too far in the future`);
        const duties = Array.from({ length: SLOTS_PER_EPOCH }, (_, index) => {
          const slot = epoch * SLOTS_PER_EPOCH + index;
          const validator = chain.proposerAt(slot);
          return { pubkey: pubkeyOf(validator), validator_index: String(validator), slot: String(slot) };
        });
        return ok(duties, { dependent_root: chain.dependentRoot(epoch), execution_optimistic: false });
      },
    },
    {
      pattern: /^\/eth\/v1\/beacon\/states\/head\/committees$/,
      answer({ query, nowMs }) {
        const now = epochOf(chain.slotAt(nowMs));
        const epoch = Number(query.get("epoch") ?? now);
        if (!Number.isInteger(epoch) || epoch < 0 || epoch > now + 1)
          return beaconError(400, `Epoch ${epoch} is too far in the future`);
        return { status: 200, pieces: committeePieces(chain, epoch) };
      },
    },
    {
      pattern: /^\/eth\/v1\/beacon\/states\/head\/validators$/,
      answer: () => ({ status: 200, pieces: validatorPieces(chain) }),
    },
  ];
}

function pubkeyOf(validator: number): string {
  return `0x${validator.toString(16).padStart(8, "0").repeat(12)}`;
}

const OPENING = '{"execution_optimistic":false,"finalized":false,"data":[';

function* committeePieces(chain: SimulatedChain, epoch: number): Generator<string> {
  yield OPENING;
  for (let place = 0; place < SLOTS_PER_EPOCH * chain.committeesPerSlot; place += 1) {
    const slot = epoch * SLOTS_PER_EPOCH + Math.floor(place / chain.committeesPerSlot);
    const index = place % chain.committeesPerSlot;
    const validators = chain.committee(slot, index).join('","');
    yield `${place === 0 ? "" : ","}{"index":"${index}","slot":"${slot}","validators":["${validators}"]}`;
  }
  yield "]}";
}

function* validatorPieces(chain: SimulatedChain): Generator<string> {
  yield OPENING;
  const credentials = `0x01${signatureOf(0).slice(2, 64)}`;
  for (let from = 0; from < chain.validators; from += VALIDATORS_A_PIECE) {
    let text = "";
    for (let index = from; index < Math.min(from + VALIDATORS_A_PIECE, chain.validators); index += 1) {
      text +=
        `${index === 0 ? "" : ","}{"index":"${index}","balance":"32001234567","status":"active_ongoing",` +
        `"validator":{"pubkey":"${pubkeyOf(index)}","withdrawal_credentials":"${credentials}",` +
        `"effective_balance":"32000000000","slashed":false,"activation_eligibility_epoch":"0",` +
        `"activation_epoch":"0","exit_epoch":"${FAR_FUTURE_EPOCH}","withdrawable_epoch":"${FAR_FUTURE_EPOCH}"}}`;
    }
    yield text;
  }
  yield "]}";
}
