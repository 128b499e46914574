import { readFile } from "node:fs/promises";
import { z } from "zod";
import { createChain } from "../chain/chain.ts";
import { Fault, messageOf } from "../lib/fault.ts";
import { chainParameters } from "../panels/chain-parameters.ts";
import type { ExportedNetwork } from "./content.ts";

const whole = z.union([z.int().min(0), z.string().regex(/^\d+$/)]);
const data = <T extends z.ZodType>(inner: T) => z.union([z.object({ data: inner }), inner]);
const fileSchema = z.object({
  spec: data(z.record(z.string(), z.unknown())),
  genesis: data(z.object({ genesis_time: whole })),
});

/**
 * The constants of a network from a file of a node's answers to `config/spec` and `beacon/genesis`, as
 * `{"spec": …, "genesis": …}`. Deadlines are those of the fork at `nowUs`. Throws `network_config_invalid`.
 */
export async function readNetworkConfig(path: string, nowUs: number): Promise<ExportedNetwork> {
  let json: unknown;
  try {
    json = JSON.parse(await readFile(path, "utf8"));
  } catch (cause) {
    throw invalid(path, messageOf(cause));
  }
  const parsed = fileSchema.safeParse(json);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw invalid(path, `${issue?.path.join(".") || "it"} is not a node's answer to config/spec or beacon/genesis`);
  }
  const { spec, genesis } = parsed.data;
  const inner = <T extends object>(value: T | { data: T }) => ("data" in value ? (value.data as T) : value);
  return networkOf(path, { spec: inner(spec), genesis: inner(genesis) as { genesis_time: string | number } }, nowUs);
}

type Told = { spec: Readonly<Record<string, unknown>>; genesis: { genesis_time: string | number } };

function networkOf(path: string, told: Told, nowUs: number): ExportedNetwork {
  try {
    const chain = createChain(told);
    const forks = chain.forks.map(({ fork, epoch }) => {
      const { attestationMs, aggregateMs } = chain.deadlinesOfFork(fork);
      return { epoch, deadlines: { attestation_due_ms: attestationMs, aggregate_due_ms: aggregateMs } };
    });
    const known = {
      genesis_time: chain.genesisTimeS,
      slot_duration_ms: chain.slotDurationMs,
      slots_per_epoch: chain.slotsPerEpoch,
      forks,
    };
    return { name: chain.network, chain: chainParameters(known, nowUs / 1000) };
  } catch (error) {
    throw invalid(path, messageOf(error));
  }
}

function invalid(path: string, why: string): Fault {
  return new Fault("network_config_invalid", `${path} does not tell the network: ${why.replace(/\.$/, "")}.`);
}
