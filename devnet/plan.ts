import { Fault } from "../src/lib/fault.ts";

export type FaultWord = "late" | "miss" | "freeze" | "partition" | "slow" | "import" | "cut";

/** One step of a plan: slots without a fault, or a fault of one node. `ms` is 0 for faults that have none. */
export type Step = { word: "run"; slots: number } | { word: FaultWord; node: string; slots: number; ms: number };

type WordDescription = { takesMs: boolean; words: string };

/** What `--help` and README.md say of each word. */
export const FAULT_WORDS: Readonly<Record<FaultWord, WordDescription>> = {
  late: { takesMs: true, words: "the node's proposals come MS late (its engine holds the payload back)" },
  miss: { takesMs: false, words: "the node's proposals are missed (its engine gives no payload)" },
  freeze: { takesMs: false, words: "the node stands still with its validators, and goes on afterwards" },
  partition: { takesMs: false, words: "the node is cut off from the others, and connected again afterwards" },
  slow: { takesMs: true, words: "all that the node sends to the others arrives MS late" },
  import: { takesMs: true, words: "the node imports blocks MS late (its engine holds the verdict back)" },
  cut: { takesMs: false, words: "the monitor cannot reach the node; the network is not touched" },
};

const MAX_SLOTS = 1_000;
const MAX_MS = 60_000;
const NODE_NUMBERS = ["1", "2", "3"];

/** Reads `run:8,late:2:8:1300,freeze:1:3`. Throws `plan_invalid`, which names the step. */
export function parsePlan(text: string): Step[] {
  return text.split(",").map(parseStep);
}

function parseStep(text: string): Step {
  const [word = "", ...values] = text.trim().split(":");
  const invalid = (expected: string) => new Fault("plan_invalid", `The step "${text}" of the plan is not ${expected}.`);
  const count = (value: string | undefined, max: number): number | undefined => {
    const number = /^\d{1,9}$/.test(value ?? "") ? Number(value) : 0;
    return number >= 1 && number <= max ? number : undefined;
  };
  if (word === "run") {
    const slots = count(values[0], MAX_SLOTS);
    if (slots === undefined || values.length !== 1) throw invalid("run:SLOTS");
    return { word, slots };
  }
  if (!isFaultWord(word)) throw invalid(`known; the words are run, ${Object.keys(FAULT_WORDS).join(", ")}`);
  const { takesMs } = FAULT_WORDS[word];
  const [number = "", slotsText, msText] = values;
  const slots = count(slotsText, MAX_SLOTS);
  const ms = takesMs ? count(msText, MAX_MS) : 0;
  if (
    !NODE_NUMBERS.includes(number) ||
    slots === undefined ||
    ms === undefined ||
    values.length !== (takesMs ? 3 : 2)
  ) {
    throw invalid(`${word}:NODE:SLOTS${takesMs ? ":MS" : ""} with NODE 1, 2 or 3`);
  }
  return { word, node: `n${number}`, slots, ms };
}

function isFaultWord(word: string): word is FaultWord {
  return Object.hasOwn(FAULT_WORDS, word);
}
