/** What `error.type` of a client's log line may be: the list is closed, `other` is what fits none. First match wins. */
export const errorClasses = {
  clock: "the machine's clock is off",
  resource: "disk space, memory, files or a queue are used up",
  late: "a block was imported late",
  reorg: "the chain was reorganised, or duties changed with it",
  database: "the client's database is damaged, locked, slow or of another version",
  configuration: "an option is wrong or not heeded",
  peer: "peers: too few, or what they sent was bad",
  validator: "duties of validators: votes, proposals, keys, slashing protection",
  execution: "between consensus and execution client: Engine API, payloads, optimistic heads, no updates",
  sync: "the node is behind, or a download failed",
  network: "connections other than to peers: HTTP, ports, names",
  other: "none of these",
} as const satisfies Readonly<Record<string, string>>;
