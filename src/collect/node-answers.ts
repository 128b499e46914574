import { PATHS } from "./beacon-poll.ts";

/** What a node's polled answers say that its own supervision needs. */
export type NodeAnswers = {
  version?: string;
  syncing?: boolean;
  peers?: number;
  headSlot?: number;
  /** In lower case. */
  genesisValidatorsRoot?: string;
};

/** Reads one answer into what is known; a body of another form changes nothing. */
export function readAnswer(known: NodeAnswers, path: string, body: unknown): NodeAnswers {
  const data = member(body, "data");
  switch (path) {
    case PATHS.version: {
      const version = member(data, "version");
      return typeof version === "string" ? { ...known, version: version.slice(0, 200) } : known;
    }
    case PATHS.genesis: {
      const root = member(data, "genesis_validators_root");
      return typeof root === "string" ? { ...known, genesisValidatorsRoot: root.toLowerCase() } : known;
    }
    case PATHS.syncing: {
      const syncing = member(data, "is_syncing");
      return typeof syncing === "boolean" ? { ...known, syncing } : known;
    }
    case PATHS.peerCount:
      return withNumber(known, "peers", member(data, "connected"));
    case PATHS.head:
      return withNumber(known, "headSlot", member(member(member(data, "header"), "message"), "slot"));
    default:
      return known;
  }
}

function member(value: unknown, key: string): unknown {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>)[key] : undefined;
}

function withNumber(known: NodeAnswers, key: "peers" | "headSlot", value: unknown): NodeAnswers {
  const number = typeof value === "string" ? Number(value) : value;
  return typeof number === "number" && Number.isSafeInteger(number) ? { ...known, [key]: number } : known;
}
