import type { EventReading } from "./dataset.ts";
import type { VoteData } from "./vote.ts";

/** What all votes for the same data have in common; one object for votes read one after the other. */
export type SharedVote = {
  slot: number;
  vote: VoteData;
  fields: EventReading["fields"];
  /** The JSON of the `AttestationData`, as the node wrote it. */
  json: string;
};

export type SingleVoteReader = {
  /**
   * Reads the JSON of a `single_attestation` that stands at [from, to). False for any form but that in which nodes
   * write it, even a right one, and for all that is wrong: those are for the schema.
   */
  read(bytes: Buffer, from: number, to: number): boolean;
  /** What was read last. */
  readonly shared: SharedVote | undefined;
  readonly committeeIndex: number;
  readonly validatorIndex: number;
};

const COMMITTEE = Buffer.from('{"committee_index":"');
const ATTESTER = Buffer.from('","attester_index":"');
const DATA = Buffer.from('","data":');
const SIGNATURE = Buffer.from(',"signature":"0x');
const SIGNATURE_DIGITS = 192;
const END = Buffer.from('"}');
const TAIL_LENGTH = SIGNATURE.length + SIGNATURE_DIGITS + END.length;
/** As many digits as 32 bits hold whatever they are: there will be no more validators than 2^30 soon. */
const MAX_DIGITS = 9;
/** Votes of one slot differ in few ways; a node that lies makes the reader forget, and slower. */
const MAX_KNOWN = 256;
/** The data read last are tried first. */
const MAX_RECENT = 4;

const IS_HEX = new Uint8Array(256);
for (const digit of "0123456789abcdefABCDEF") IS_HEX[digit.charCodeAt(0)] = 1;

/**
 * Makes a reader that does not parse what thousands of votes have in common more than once. `readData` reads the JSON
 * of an `AttestationData`, undefined when it does not fit.
 */
export function createSingleVoteReader(
  readData: (json: string) => Omit<SharedVote, "json"> | undefined,
): SingleVoteReader {
  const known = new Map<string, { bytes: Buffer; shared: SharedVote }>();
  let recent: { bytes: Buffer; shared: SharedVote }[] = [];
  let shared: SharedVote | undefined;
  let committeeIndex = 0;
  let validatorIndex = 0;

  const sharedAt = (bytes: Buffer, from: number, to: number): SharedVote | undefined => {
    for (const one of recent) {
      if (one.bytes.length === to - from && one.bytes.compare(bytes, from, to) === 0) return one.shared;
    }
    const json = bytes.toString("utf8", from, to);
    let found = known.get(json);
    if (found === undefined) {
      const read = readData(json);
      if (read === undefined) return undefined;
      found = { bytes: Buffer.from(bytes.subarray(from, to)), shared: { ...read, json } };
      if (known.size >= MAX_KNOWN) known.clear();
      known.set(json, found);
    }
    recent = [found, ...recent.slice(0, MAX_RECENT - 1)];
    return found.shared;
  };

  return {
    read(bytes, from, to) {
      const tail = to - TAIL_LENGTH;
      if (tail < from || !standsAt(COMMITTEE, bytes, from)) return false;
      const committee = from + COMMITTEE.length;
      const committeeEnd = digitsEnd(bytes, committee);
      if (committeeEnd < 0 || !standsAt(ATTESTER, bytes, committeeEnd)) return false;
      const attester = committeeEnd + ATTESTER.length;
      const attesterEnd = digitsEnd(bytes, attester);
      if (attesterEnd < 0 || attesterEnd + DATA.length > tail || !standsAt(DATA, bytes, attesterEnd)) return false;
      if (!standsAt(SIGNATURE, bytes, tail) || !standsAt(END, bytes, to - END.length)) return false;
      const signature = tail + SIGNATURE.length;
      for (let at = signature; at < signature + SIGNATURE_DIGITS; at += 1) {
        if (IS_HEX[bytes[at] ?? 0] === 0) return false;
      }
      shared = sharedAt(bytes, attesterEnd + DATA.length, tail);
      if (shared === undefined) return false;
      committeeIndex = numberAt(bytes, committee, committeeEnd);
      validatorIndex = numberAt(bytes, attester, attesterEnd);
      return true;
    },
    get shared() {
      return shared;
    },
    get committeeIndex() {
      return committeeIndex;
    },
    get validatorIndex() {
      return validatorIndex;
    },
  };
}

function standsAt(words: Buffer, bytes: Buffer, at: number): boolean {
  for (let i = 0; i < words.length; i += 1) if (words[i] !== bytes[at + i]) return false;
  return true;
}

/** Where the digits that begin at `from` end; -1 where there are none, or too many. */
function digitsEnd(bytes: Buffer, from: number): number {
  let at = from;
  while (isDigit(bytes[at])) at += 1;
  return at > from && at - from <= MAX_DIGITS ? at : -1;
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 48 && byte <= 57;
}

function numberAt(bytes: Buffer, from: number, to: number): number {
  let number = 0;
  for (let at = from; at < to; at += 1) number = number * 10 + (bytes[at] ?? 48) - 48;
  return number;
}
