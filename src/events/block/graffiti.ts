/** Client codes of the execution APIs (`identification.md`), which consensus clients write into graffiti. */
export type ClientCode = "BU" | "EJ" | "EG" | "GE" | "GR" | "LH" | "LS" | "NM" | "NB" | "TK" | "PM" | "RH";

export type Graffiti = {
  /** As text, without the zero bytes that fill it up; what is no UTF-8 is replaced. */
  text: string;
  /** The proposer's execution and consensus client where the graffiti names them; null otherwise, never a guess. */
  executionClient: ClientCode | null;
  consensusClient: ClientCode | null;
};

const EXECUTION: Readonly<Record<string, ClientCode>> = {
  BU: "BU",
  EJ: "EJ",
  EG: "EG",
  GE: "GE",
  NB: "NB",
  NM: "NM",
  RH: "RH",
};

/** Prysm writes `PR`, though the code reserved for it is `PM`. */
const CONSENSUS: Readonly<Record<string, ClientCode>> = {
  GR: "GR",
  LH: "LH",
  LS: "LS",
  NB: "NB",
  PM: "PM",
  PR: "PM",
  TK: "TK",
};

/** The beginning of a build's commit: eight, four or two hex digits, of which some clients take a leading `0x` for two. */
const COMMIT = "(?:0x[0-9a-f]{2}|[0-9a-f]{8}|[0-9a-f]{4}|[0-9a-f]{2})";

/**
 * How clients fill the room that the operator's own words leave: both codes with their commits, or the codes alone. The
 * operator's words may stand before or after. Codes alone are taken only where they stand apart from other capitals.
 * One execution code alone (the form for two bytes of room) cannot be told from a word and is not read.
 */
const WITH_COMMITS = new RegExp(`(?<![A-Z])([A-Z]{2})${COMMIT}([A-Z]{2})(?:${COMMIT}|$)`);
const CODES_ALONE: readonly RegExp[] = [/^([A-Z]{2})([A-Z]{2})(?![A-Z])/, /(?<=\s)([A-Z]{2})([A-Z]{2})$/];

/** A consensus client that does not know its execution client. */
const ALONE = /(?:^|\s)([A-Z]{2})[0-9a-f]{4}(?=\s|$)/;

/**
 * Names as clients' default graffiti have them, with a version: `Lighthouse/v8.0.1-ced49dd`. A name in an operator's
 * own words (`teku-reth-2`) is no claim.
 */
const NAMED = /(?<![a-z])([a-z]+)[/-]v?\d+\.\d/gi;
const NAMES: Readonly<Record<string, { execution?: ClientCode; consensus?: ClientCode }>> = {
  besu: { execution: "BU" },
  erigon: { execution: "EG" },
  geth: { execution: "GE" },
  nethermind: { execution: "NM" },
  reth: { execution: "RH" },
  grandine: { consensus: "GR" },
  lighthouse: { consensus: "LH" },
  lodestar: { consensus: "LS" },
  nimbus: { consensus: "NB" },
  prysm: { consensus: "PM" },
  teku: { consensus: "TK" },
};

/** Reads a block's 32 bytes of graffiti, given as hex. */
export function readGraffiti(hex: string): Graffiti {
  const text = Buffer.from(hex.slice(2), "hex").toString("utf8").replace(/\0+$/, "").replaceAll("\0", "\ufffd");
  return { text, ...clientsIn(text) };
}

type Clients = Pick<Graffiti, "executionClient" | "consensusClient">;

function clientsIn(text: string): Clients {
  const pair = (pattern: RegExp, hasCommits: boolean) => {
    const [, first = "", second = ""] = pattern.exec(text) ?? [];
    return pairOf(first, second, hasCommits);
  };
  const codes = pair(WITH_COMMITS, true) ?? CODES_ALONE.map((pattern) => pair(pattern, false)).find(Boolean);
  if (codes !== undefined) return codes;
  const alone = CONSENSUS[ALONE.exec(text)?.[1] ?? ""];
  if (alone !== undefined) return { executionClient: null, consensusClient: alone };
  const clients: Clients = { executionClient: null, consensusClient: null };
  for (const [, name = ""] of text.matchAll(NAMED)) {
    const { execution, consensus } = NAMES[name.toLowerCase()] ?? {};
    clients.executionClient ??= execution ?? null;
    clients.consensusClient ??= consensus ?? null;
  }
  return clients;
}

/** The execution client comes first, but Teku wrote itself first. With commits one code may be one that is not reserved. */
function pairOf(first: string, second: string, hasCommits: boolean): Clients | undefined {
  const orders = [
    [EXECUTION[first], CONSENSUS[second]],
    [EXECUTION[second], CONSENSUS[first]],
  ] as const;
  const both = orders.find(([execution, consensus]) => execution !== undefined && consensus !== undefined);
  const [execution, consensus] = both ?? orders.find((order) => hasCommits && order.some(Boolean)) ?? [];
  if (execution === undefined && consensus === undefined) return undefined;
  return { executionClient: execution ?? null, consensusClient: consensus ?? null };
}
