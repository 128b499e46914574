import type { Chain } from "../chain/chain.ts";
import type { ValidatorsEnvelope } from "../events/envelope.ts";
import type { Clock } from "../lib/clock.ts";
import { isAborted, isFault } from "../lib/fault.ts";
import type { Log } from "../lib/log.ts";
import { sleep } from "../lib/sleep.ts";
import type { ReadableNode } from "./epoch-committees.ts";
import { validatorsReader } from "./streamed-answers.ts";

/** After a failure the validator set is asked for again so many slots later. */
const RETRY_SLOTS = 8;
/** The answer that mainnet gives, about 450 bytes a validator, and what a slow node needs to make it. */
const LIMITS = { timeLimitMs: 300_000, maxBodyBytes: 4 * 1024 * 1024 * 1024 };

/**
 * The active validators with their effective balances, once at the start and then every so many epochs: some hundred
 * megabytes on mainnet, and balances change slowly.
 */
export function createValidatorSets(options: {
  nodes: readonly ReadableNode[];
  chain: Chain;
  clock: Clock;
  log: Log;
  signal: AbortSignal;
  everyEpochs: number;
  /** Public keys whose indices are wanted, in lower case. */
  pubkeys: ReadonlySet<string>;
  emit(envelope: ValidatorsEnvelope): void;
}): { stopped: Promise<void> } {
  const { nodes, chain, clock, log, signal, everyEpochs, pubkeys, emit } = options;
  let failing = false;

  const ask = async (): Promise<boolean> => {
    for (const node of nodes.filter((one) => one.ready())) {
      try {
        const path = "/eth/v1/beacon/states/head/validators?status=active";
        const { answer, receivedAtUs, bytes } = await node.read(path, () => validatorsReader(pubkeys), LIMITS);
        emit({ kind: "validators", node: node.name, receivedAtUs, validators: answer });
        log.info({ node: node.name, active: answer.active, bytes }, "The validator set was read");
        return true;
      } catch (error) {
        if (isAborted(error)) return false;
        if (!isFault(error)) throw error;
        if (!failing) log.warn({ node: node.name, reason: error.message }, "A node did not give the validator set");
        failing = true;
      }
    }
    return false;
  };

  const run = async () => {
    let dueUs = clock.monoUs();
    while (!signal.aborted) {
      if (clock.monoUs() >= dueUs && nodes.some((node) => node.ready())) {
        const given = await ask();
        if (given) failing = false;
        const slots = given ? everyEpochs * chain.slotsPerEpoch : RETRY_SLOTS;
        dueUs = clock.monoUs() + slots * chain.slotDurationMs * 1000;
      }
      await sleep(chain.slotDurationMs, signal);
    }
  };
  return { stopped: everyEpochs > 0 ? run() : Promise.resolve() };
}
