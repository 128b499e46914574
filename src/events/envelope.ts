import type { Committees } from "../chain/committees.ts";
import type { ValidatorSet } from "../chain/validator-set.ts";
import type { SharedVote } from "./single-vote-bytes.ts";

/**
 * What `collect` hands on, and a recording holds: one thing a node said, stamped before it was parsed.
 * `receivedAtUs` is wall-clock time, microseconds since the Unix epoch.
 */
export type Envelope =
  | EventEnvelope
  | VotesEnvelope
  | RestEnvelope
  | CommitteesEnvelope
  | ValidatorsEnvelope
  | StreamEnvelope;

/** One event of the node's event stream; `text` is the undecoded `data:` of the record. */
export type EventEnvelope = {
  kind: "event";
  node: string;
  receivedAtUs: number;
  topic: string;
  text: string;
};

/** What a recording holds: gathered votes have no texts, so that where one is made they are not gathered. */
export type RecordedEnvelope = Exclude<Envelope, VotesEnvelope>;

/** `single_attestation` events that came together, read from their bytes: mainnet's are more than all others. */
export type VotesEnvelope = {
  kind: "votes";
  node: string;
  receivedAtUs: number;
  /** Votes with equal data together; within a run in the order of their arrival. */
  runs: readonly { shared: SharedVote; committeeIndices: Uint32Array; validatorIndices: Uint32Array }[];
  /** How many votes there are in all runs, and the length of their texts. */
  count: number;
  bytes: number;
};

/** One answer of the node's REST interface. */
export type RestEnvelope = {
  kind: "rest";
  node: string;
  receivedAtUs: number;
  /** Path and query, as asked. */
  path: string;
  status: number;
  /** The decoded JSON body. */
  body: unknown;
};

/** Who votes in an epoch: a REST answer that was read as it came, since mainnet's lists a million validators. */
export type CommitteesEnvelope = {
  kind: "committees";
  node: string;
  receivedAtUs: number;
  committees: Committees;
  /** The block that decides them, where that is known. */
  dependentRoot: string | null;
};

/** What votes weigh: a REST answer that was read as it came. */
export type ValidatorsEnvelope = { kind: "validators"; node: string; receivedAtUs: number; validators: ValidatorSet };

/** The state of a node's event stream changed. */
export type StreamEnvelope = {
  kind: "stream";
  node: string;
  receivedAtUs: number;
  state: "open" | "closed" | "error";
  /** What was said about it, without credentials. */
  reason?: string;
  /** Where the missed span began, when that was earlier than `receivedAtUs`. */
  sinceUs?: number;
  cause?: GapCause;
};

/** Why events of a node are missing for a span of time; `clock`: the wall clock passed over it. */
export type GapCause = "closed" | "error" | "silent" | "restart" | "overflow" | "clock";
