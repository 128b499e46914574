import { buckets, hits, inMessage, LINES, perTime, type Search, where } from "./search-parts.ts";

/** Words of all lines, whenever they were written. */
export const WORD_SEARCHES: readonly Search[] = [
  { name: "rare word", index: LINES, body: () => hits(where(inMessage("match", "corruption")), 50) },
  { name: "common word", index: LINES, body: () => hits(where(inMessage("match", "peer")), 50) },
  { name: "word of errors", index: LINES, body: () => hits(where(inMessage("match", "refused")), 50) },
  {
    name: "word that is nowhere",
    index: LINES,
    body: () => hits(where(inMessage("match", "supercalifragilistic")), 50),
  },
  {
    name: "two words",
    index: LINES,
    body: () => hits(where(inMessage("match", "mismatch"), inMessage("match", "beacon_state_7")), 50),
  },
  { name: "phrase", index: LINES, body: () => hits(where(inMessage("match_phrase", "connection refused")), 50) },
  {
    name: "how often a word, over time",
    index: LINES,
    body: () => buckets(where(inMessage("match", "refused")), { times: perTime("30m") }),
  },
];
