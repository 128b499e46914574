import type { VotesEnvelope } from "../events/envelope.ts";
import type { SharedVote } from "../events/single-vote-bytes.ts";
import { singleVoteReader } from "../events/topics/votes.ts";

export type VoteRuns = {
  /**
   * Takes the record of a single attestation that begins at `from`, in the form in which nodes write it. The place after
   * the blank line that ends it; -1 for every other record, which is left to the parser.
   */
  take(bytes: Buffer, from: number): number;
  /** What was taken since the last call; undefined where nothing was. */
  taken(): Pick<VotesEnvelope, "runs" | "count" | "bytes"> | undefined;
};

const EVENT = Buffer.from("event:");
const TOPIC = Buffer.from("single_attestation");
const DATA = Buffer.from("data:");
const LF = 10;
const CR = 13;
const SPACE = 32;

/** Votes of one run; its arrays grow. */
type Run = { shared: SharedVote; size: number; committeeIndices: Indices; validatorIndices: Indices };
type Indices = Uint32Array<ArrayBuffer>;

const FIRST_SIZE = 32;
/** Above this many runs without a look at what was taken, the votes go the long way: a node that lies tells all kinds. */
const MAX_RUNS = 64;

/** Gathers single attestations from the bytes of a stream, without a string or an object for each. */
export function createVoteRuns(): VoteRuns {
  const reader = singleVoteReader();
  let runs: Run[] = [];
  let count = 0;
  let bytesTaken = 0;

  const runOf = (shared: SharedVote): Run | undefined => {
    const last = runs.at(-1);
    if (last?.shared === shared) return last;
    const found = runs.find((run) => run.shared === shared);
    if (found !== undefined || runs.length === MAX_RUNS) return found;
    const run = {
      shared,
      size: 0,
      committeeIndices: new Uint32Array(FIRST_SIZE),
      validatorIndices: new Uint32Array(FIRST_SIZE),
    };
    runs.push(run);
    return run;
  };

  const add = (run: Run, committeeIndex: number, validatorIndex: number): void => {
    if (run.size === run.validatorIndices.length) {
      run.committeeIndices = grown(run.committeeIndices);
      run.validatorIndices = grown(run.validatorIndices);
    }
    run.committeeIndices[run.size] = committeeIndex;
    run.validatorIndices[run.size] = validatorIndex;
    run.size += 1;
  };

  return {
    take(bytes, from) {
      let at = afterWord(EVENT, bytes, from);
      if (at < 0) return -1;
      at = wordEnd(TOPIC, bytes, at);
      at = at < 0 ? -1 : lineEnd(bytes, at);
      at = at < 0 ? -1 : afterWord(DATA, bytes, at);
      if (at < 0) return -1;
      const newline = bytes.indexOf(LF, at);
      if (newline < 0) return -1;
      const dataEnd = bytes[newline - 1] === CR ? newline - 1 : newline;
      const end = lineEnd(bytes, newline + 1);
      if (end < 0 || !reader.read(bytes, at, dataEnd)) return -1;
      const run = reader.shared && runOf(reader.shared);
      if (run === undefined) return -1;
      add(run, reader.committeeIndex, reader.validatorIndex);
      count += 1;
      bytesTaken += dataEnd - at;
      return end;
    },
    taken() {
      if (count === 0) return undefined;
      const taken = {
        runs: runs.map(({ shared, size, committeeIndices, validatorIndices }) => ({
          shared,
          committeeIndices: committeeIndices.slice(0, size),
          validatorIndices: validatorIndices.slice(0, size),
        })),
        count,
        bytes: bytesTaken,
      };
      runs = [];
      count = 0;
      bytesTaken = 0;
      return taken;
    },
  };
}

/** The place after `name:` and one space that may follow it; -1 where it does not stand there. */
function afterWord(name: Buffer, bytes: Buffer, at: number): number {
  const end = wordEnd(name, bytes, at);
  return end >= 0 && bytes[end] === SPACE ? end + 1 : end;
}

function wordEnd(word: Buffer, bytes: Buffer, at: number): number {
  for (let i = 0; i < word.length; i += 1) if (bytes[at + i] !== word[i]) return -1;
  return at + word.length;
}

/** The place after the end of line that stands at `at`; -1 where none does. */
function lineEnd(bytes: Buffer, at: number): number {
  if (bytes[at] === LF) return at + 1;
  return bytes[at] === CR && bytes[at + 1] === LF ? at + 2 : -1;
}

function grown(array: Indices): Indices {
  const larger = new Uint32Array(array.length * 2);
  larger.set(array);
  return larger;
}
