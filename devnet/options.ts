import { parseArgs } from "node:util";
import { Fault, messageOf } from "../src/lib/fault.ts";
import { FAULT_WORDS, parsePlan, type Step } from "./plan.ts";

export type DevnetOptions = {
  help: boolean;
  slotSeconds: number;
  port: number;
  plan: readonly Step[];
};

const DEFAULT_SLOT_SECONDS = 6;
const DEFAULT_PORT = 8420;

/** Reads the command line. Throws `usage` or `plan_invalid`. */
export function readOptions(args: readonly string[]): DevnetOptions {
  const values = parse(args);
  return {
    help: values.help ?? false,
    slotSeconds: integer("--slot-seconds", values["slot-seconds"], { least: 2, most: 60 }) ?? DEFAULT_SLOT_SECONDS,
    port: integer("--port", values.port, { least: 0, most: 65_535 }) ?? DEFAULT_PORT,
    plan: values.plan === undefined ? [] : parsePlan(values.plan),
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        help: { type: "boolean", short: "h" },
        plan: { type: "string" },
        port: { type: "string" },
        "slot-seconds": { type: "string" },
      },
    }).values;
  } catch (cause) {
    throw new Fault("usage", `${messageOf(cause)} (--help says what there is)`, { cause });
  }
}

function integer(name: string, text: string | undefined, bounds: { least: number; most: number }): number | undefined {
  if (text === undefined) return undefined;
  const { least, most } = bounds;
  const number = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  if (number >= least && number <= most) return number;
  throw new Fault("usage", `${name} must be a whole number from ${least} to ${most}.`);
}

export const HELP = `npm run devnet -- [options]

Starts three real Lodestar 1.5.1 nodes (Capella, 64 validators, 8 slots an epoch) on this machine, and the monitor on
them. Ctrl-C ends all. Installs the nodes' packages into devnet/node_modules the first time.

  --slot-seconds N   length of a slot, from 2 (default ${DEFAULT_SLOT_SECONDS})
  --port N           port of the monitor (default ${DEFAULT_PORT}; 0 takes any free one)
  --plan STEPS       faults, one after the other: steps joined by commas
  --help             this text

Steps of a plan; NODE is 1, 2 or 3, MS are milliseconds:
${stepLines().join("\n")}

A fault whose effect is on the node's own proposals begins with the next slot in which the node proposes. What was done
when is written to faults.jsonl in the work directory, which is printed.

  npm run devnet -- --slot-seconds 3 --plan "run:8,late:2:8:1300,partition:3:5,freeze:1:3"
`;

function stepLines(): string[] {
  const steps: [string, string][] = [["run:SLOTS", "no fault for so many slots"]];
  for (const [word, { takesMs, words }] of Object.entries(FAULT_WORDS)) {
    steps.push([`${word}:NODE:SLOTS${takesMs ? ":MS" : ""}`, words]);
  }
  return steps.map(([step, words]) => `  ${step.padEnd(22)} ${words}`);
}
