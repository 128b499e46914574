import type { EventReading } from "./dataset.ts";

/** What all votes for the same data have in common. */
export type SharedVote = Pick<EventReading, "slot" | "fields"> & { vote: NonNullable<EventReading["vote"]>["data"] };

const COMMITTEE = '{"committee_index":"';
const ATTESTER = '","attester_index":"';
const DATA = '","data":';
const SIGNATURE = ',"signature":"0x';
const SIGNATURE_DIGITS = 192;
const END = '"}';
const TAIL_LENGTH = SIGNATURE.length + SIGNATURE_DIGITS + END.length;
/** As many digits as a number holds whatever they are. */
const MAX_DIGITS = 15;
/** Votes of one slot differ in few ways; a node that lies makes the reader forget, and slower. */
const MAX_KNOWN = 256;

/**
 * Reads the text of a `single_attestation` in the form in which nodes write it, without parsing what thousands of votes
 * have in common more than once. Undefined for any other form, even a right one, and for all that is wrong: those are
 * for the schema. `readData` reads the JSON of an `AttestationData`, undefined when it does not fit.
 */
export function createSingleVoteReader(
  readData: (json: string) => SharedVote | undefined,
): (text: string) => EventReading | undefined {
  const known = new Map<string, SharedVote>();

  const sharedOf = (json: string): SharedVote | undefined => {
    const found = known.get(json);
    if (found !== undefined) return found;
    const read = readData(json);
    if (read === undefined) return undefined;
    if (known.size >= MAX_KNOWN) known.clear();
    known.set(json, read);
    return read;
  };

  return (text) => {
    const tail = text.length - TAIL_LENGTH;
    if (tail < 0 || !text.startsWith(COMMITTEE)) return undefined;
    const committeeEnd = digitsEnd(text, COMMITTEE.length);
    if (committeeEnd < 0 || !text.startsWith(ATTESTER, committeeEnd)) return undefined;
    const attester = committeeEnd + ATTESTER.length;
    const attesterEnd = digitsEnd(text, attester);
    if (attesterEnd < 0 || !text.startsWith(DATA, attesterEnd)) return undefined;
    if (!text.startsWith(SIGNATURE, tail) || !text.endsWith(END)) return undefined;
    if (!isHex(text, tail + SIGNATURE.length, tail + SIGNATURE.length + SIGNATURE_DIGITS)) return undefined;
    const shared = sharedOf(text.slice(attesterEnd + DATA.length, tail));
    if (shared === undefined) return undefined;
    const committeeIndex = Number(text.slice(COMMITTEE.length, committeeEnd));
    const validatorIndex = Number(text.slice(attester, attesterEnd));
    return {
      ...(shared.slot === undefined ? {} : { slot: shared.slot }),
      vote: { data: shared.vote, committeeIndex, validatorIndex },
      fields: {
        ...shared.fields,
        "ethereum.committee.index": committeeIndex,
        "ethereum.validator.index": validatorIndex,
      },
    };
  };
}

/** Where the digits that begin at `from` end; -1 where there are none, or too many. */
function digitsEnd(text: string, from: number): number {
  let at = from;
  while (isDigit(text.charCodeAt(at))) at += 1;
  return at > from && at - from <= MAX_DIGITS ? at : -1;
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

function isHex(text: string, from: number, to: number): boolean {
  for (let at = from; at < to; at += 1) {
    const code = text.charCodeAt(at);
    if (!isDigit(code) && !(code >= 97 && code <= 102) && !(code >= 65 && code <= 70)) return false;
  }
  return true;
}
