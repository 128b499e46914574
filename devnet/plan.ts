import { Fault } from "../src/lib/fault.ts";
import type { KindName } from "./node-kind.ts";

export type FaultWord =
  | "late"
  | "miss"
  | "freeze"
  | "partition"
  | "slow"
  | "import"
  | "cut"
  | "equivocate"
  | "skew"
  | "attoff"
  | "attlate";

/** One step of a plan: slots without a fault, or a fault of one node. `ms` is 0 for faults that have none. */
export type Step = { word: "run"; slots: number } | { word: FaultWord; node: string; slots: number; ms: number };

type WordDescription = {
  /** `signed`: may be negative. */
  ms: "none" | "positive" | "signed";
  /** Only nodes of this kind can do it. */
  only?: KindName;
  words: string;
};

/** What `--help` and README.md say of each word. */
export const FAULT_WORDS: Readonly<Record<FaultWord, WordDescription>> = {
  late: { ms: "positive", words: "the node's proposals come MS late" },
  miss: { ms: "none", words: "the node's proposals are missed" },
  freeze: { ms: "none", words: "the node stands still with its validators, and goes on afterwards" },
  partition: { ms: "none", words: "the node is cut off from the others, and connected again afterwards" },
  slow: { ms: "positive", words: "all that the node sends to the others arrives MS late" },
  import: { ms: "positive", words: "the node imports blocks MS late (the verdict on each is held back)" },
  cut: { ms: "none", words: "the monitor cannot reach the node; the network is not touched" },
  equivocate: { ms: "none", only: "fulu", words: "the node's proposers sign two blocks, one for each peer" },
  skew: { ms: "signed", only: "fulu", words: "the node's clock is MS ahead, or behind when negative" },
  attoff: { ms: "none", only: "fulu", words: "the node's validators do not attest" },
  attlate: { ms: "positive", only: "fulu", words: "the attestations of the node's validators come MS late" },
};

const MAX_SLOTS = 1_000;
const MAX_MS = 60_000;
const NODE_NUMBERS = ["1", "2", "3"];

/**
 * Reads `run:8,late:2:8:1300,freeze:1:3` for nodes of a kind.
 * Throws `plan_invalid`, which names the step; a word that only nodes of another kind can do is refused too.
 */
export function parsePlan(text: string, kind: KindName): Step[] {
  return text.split(",").map((step) => parseStep(step, kind));
}

function parseStep(text: string, kind: KindName): Step {
  const [word = "", ...values] = text.trim().split(":");
  const invalid = (expected: string) => new Fault("plan_invalid", `The step "${text}" of the plan is not ${expected}.`);
  if (word === "run") {
    const slots = count(values[0], MAX_SLOTS);
    if (slots === undefined || values.length !== 1) throw invalid("run:SLOTS");
    return { word, slots };
  }
  if (!isFaultWord(word)) throw invalid(`known; the words are run, ${wordsOf(kind).join(", ")}`);
  const { ms: msForm, only } = FAULT_WORDS[word];
  if (only !== undefined && only !== kind) {
    throw invalid(
      `for nodes of the kind ${kind}: ${word} needs --kind ${only}; theirs are run, ${wordsOf(kind).join(", ")}`,
    );
  }
  const [number = "", slotsText, msText = ""] = values;
  const slots = count(slotsText, MAX_SLOTS);
  const isNegative = msForm === "signed" && msText.startsWith("-");
  const size = count(isNegative ? msText.slice(1) : msText, MAX_MS);
  const ms = msForm === "none" ? 0 : isNegative && size !== undefined ? -size : size;
  if (
    !NODE_NUMBERS.includes(number) ||
    slots === undefined ||
    ms === undefined ||
    values.length !== (msForm === "none" ? 2 : 3)
  ) {
    throw invalid(`${formOf(word)} with NODE 1, 2 or 3`);
  }
  return { word, node: `n${number}`, slots, ms };
}

function count(value: string | undefined, max: number): number | undefined {
  const number = /^\d{1,9}$/.test(value ?? "") ? Number(value) : 0;
  return number >= 1 && number <= max ? number : undefined;
}

function isFaultWord(word: string): word is FaultWord {
  return Object.hasOwn(FAULT_WORDS, word);
}

/** The words that nodes of a kind can do. */
function wordsOf(kind: KindName): string[] {
  return Object.entries(FAULT_WORDS).flatMap(([word, { only }]) => (only === undefined || only === kind ? word : []));
}

/** How a step with a word is written. */
export function formOf(word: FaultWord): string {
  return `${word}:NODE:SLOTS${FAULT_WORDS[word].ms === "none" ? "" : ":MS"}`;
}
