import { parseArgs } from "node:util";
import { Fault, messageOf } from "../src/lib/fault.ts";
import type { KindName } from "./node-kind.ts";
import { FAULT_WORDS, type FaultWord, formOf, parsePlan, type Step } from "./plan.ts";

export type DevnetOptions = {
  help: boolean;
  kind: KindName;
  /** The first epoch of Fulu, for nodes of that kind. */
  fuluEpoch: number;
  slotSeconds: number;
  port: number;
  plan: readonly Step[];
};

const DEFAULT_SLOT_SECONDS = 6;
const DEFAULT_PORT = 8420;
const MAX_FULU_EPOCH = 1_000;

/** Reads the command line. Throws `usage` or `plan_invalid`. */
export function readOptions(args: readonly string[]): DevnetOptions {
  const values = parse(args);
  const kind = kindOf(values.kind);
  const fuluEpoch = integer("--fulu-epoch", values["fulu-epoch"], { least: 0, most: MAX_FULU_EPOCH });
  if (fuluEpoch !== undefined && kind !== "fulu") throw new Fault("usage", "--fulu-epoch needs --kind fulu.");
  return {
    help: values.help ?? false,
    kind,
    fuluEpoch: fuluEpoch ?? 0,
    slotSeconds: integer("--slot-seconds", values["slot-seconds"], { least: 2, most: 60 }) ?? DEFAULT_SLOT_SECONDS,
    port: integer("--port", values.port, { least: 0, most: 65_535 }) ?? DEFAULT_PORT,
    plan: values.plan === undefined ? [] : parsePlan(values.plan, kind),
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        "fulu-epoch": { type: "string" },
        help: { type: "boolean", short: "h" },
        kind: { type: "string" },
        plan: { type: "string" },
        port: { type: "string" },
        "slot-seconds": { type: "string" },
      },
    }).values;
  } catch (cause) {
    throw new Fault("usage", `${messageOf(cause)} (--help says what there is)`, { cause });
  }
}

function kindOf(text: string | undefined): KindName {
  if (text === undefined || text === "lodestar" || text === "fulu") return text ?? "lodestar";
  throw new Fault("usage", `--kind must be lodestar or fulu, not ${text}.`);
}

function integer(name: string, text: string | undefined, bounds: { least: number; most: number }): number | undefined {
  if (text === undefined) return undefined;
  const { least, most } = bounds;
  const number = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  if (number >= least && number <= most) return number;
  throw new Fault("usage", `${name} must be a whole number from ${least} to ${most}.`);
}

export const HELP = `npm run devnet -- [options]

Starts three nodes of one network (minimal preset: 64 validators, 8 slots an epoch) on this machine, and the monitor on
them. Ctrl-C ends all. Installs the nodes' packages below devnet/ the first time.

  --kind KIND        lodestar: real Lodestar 1.5.1 nodes, Capella (default)
                     fulu: nodes of the project's own, no client, over Lodestar's libraries 1.46.0: Electra and Fulu,
                     with single attestations, committee bits and data columns; with the geth (1.16 or later) of GETH
                     or of PATH, or else with a mock engine
  --fulu-epoch N     the first epoch of Fulu; before it is Electra (default 0; with --kind fulu)
  --slot-seconds N   length of a slot, from 2 (default ${DEFAULT_SLOT_SECONDS})
  --port N           port of the monitor (default ${DEFAULT_PORT}; 0 takes any free one)
  --plan STEPS       faults, one after the other: steps joined by commas
  --help             this text

Steps of a plan; NODE is 1, 2 or 3, MS are milliseconds:
${stepLines({ fuluOnly: false }).join("\n")}
With --kind fulu also:
${stepLines({ fuluOnly: true }).join("\n")}

A fault whose effect is on the node's own proposals begins with the next slot in which the node proposes. What was done
when is written to faults.jsonl in the work directory, which is printed.

  npm run devnet -- --slot-seconds 3 --plan "run:8,late:2:8:1300,partition:3:5,freeze:1:3"
  npm run devnet -- --kind fulu --slot-seconds 3 --plan "run:8,equivocate:1:2,run:4,skew:2:8:-700"
`;

function stepLines({ fuluOnly }: { fuluOnly: boolean }): string[] {
  const steps: [string, string][] = fuluOnly ? [] : [["run:SLOTS", "no fault for so many slots"]];
  for (const [word, { only, words }] of Object.entries(FAULT_WORDS)) {
    if ((only === "fulu") === fuluOnly) steps.push([formOf(word as FaultWord), words]);
  }
  return steps.map(([step, words]) => `  ${step.padEnd(23)} ${words}`);
}
