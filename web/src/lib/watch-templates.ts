import type { NetworkView } from "../../../src/serve/views.ts";

type JsonRecord = Readonly<Record<string, unknown>>;

/** What a new rule may begin with. */
export type WatchTemplate = { id: string; title: string; words: string; watch: JsonRecord };

/** Told by mail where an account is configured, and written to the log in any case. */
const ACTIONS = {
  log: { logging: { level: "warn", text: "{{ctx.vars.alert.severity}}: {{ctx.vars.alert.title}}" } },
  email: { email: {} },
};

/** Late blocks begin where the network's own deadline for attestations ends. */
export function watchTemplates(network: Pick<NetworkView, "forks" | "name"> | undefined): WatchTemplate[] {
  return [lateBlock(network?.forks.at(-1)?.deadlines.attestation_due_ms), searchThreshold(), logPattern(), EMPTY];
}

function lateBlock(dueMs: number | undefined): WatchTemplate {
  return {
    id: "late-block",
    title: "Late block",
    words: "With each slot: a block that came too late for its votes. Told within the slot.",
    watch: {
      trigger: {
        stream: {
          dataset: "slot",
          where: { compare: { "ctx.payload.ethereum.status": { not_eq: "unknown" } } },
        },
      },
      condition:
        dueMs === undefined
          ? { compare: { "ctx.payload.ethereum.late": { eq: true } } }
          : { compare: { "ctx.payload.ethereum.delay_ms": { gte: dueMs } } },
      metadata: {
        name: "Late block",
        description: "A block reached the first of our nodes after the moment at which attestations are due.",
        alert: {
          scope: "network",
          severity: "warning",
          event: true,
          over_after: "4 slots",
          needs_clock: true,
          about: "{{ctx.payload.ethereum.slot}}",
          slot: "{{ctx.payload.ethereum.slot}}",
          link: "/slot/{{ctx.payload.ethereum.slot}}",
          title: "Block of slot {{ctx.payload.ethereum.slot}} came late",
          text: "The first node saw it {{ctx.payload.ethereum.delay_ms}} ms into its slot.",
          check_first: "Whether it was late on every node: then its proposer was late, and not a node of yours.",
          metric: { value: "payload.ethereum.delay_ms", title: "first seen after the slot's start", unit: "ms" },
        },
      },
      actions: ACTIONS,
    },
  };
}

function searchThreshold(): WatchTemplate {
  return {
    id: "search-threshold",
    title: "Search with a threshold",
    words: "Once a minute: a search that finds more than a number of documents.",
    watch: {
      trigger: { schedule: { interval: "1m" } },
      input: {
        search: {
          request: {
            indices: ["ethmon-slot-*"],
            body: {
              size: 0,
              track_total_hits: true,
              query: {
                bool: {
                  filter: [
                    { term: { "ethereum.status": "missed" } },
                    { range: { "@timestamp": { gte: "now-10m", lt: "now" } } },
                  ],
                },
              },
            },
          },
        },
      },
      condition: { compare: { "ctx.payload.hits.total": { gte: 3 } } },
      metadata: {
        name: "Missed slots",
        description: "Slots without a block within ten minutes.",
        alert: {
          scope: "network",
          severity: [
            { severity: "high", when: { compare: { "ctx.payload.hits.total": { gte: 6 } } } },
            { severity: "warning" },
          ],
          over_after: "5m",
          title: "Slots missed within ten minutes: {{ctx.payload.hits.total}}",
          text: "So many slots had no block on any node.",
          check_first: "Whether their proposers have something in common, such as a client.",
          metric: { value: "payload.hits.total", title: "missed slots within ten minutes", unit: "slots" },
        },
      },
      actions: ACTIONS,
    },
  };
}

function logPattern(): WatchTemplate {
  return {
    id: "log-pattern",
    title: "Pattern in a log",
    words: "Once a minute: lines of the clients' logs that hold certain words.",
    watch: {
      trigger: { schedule: { interval: "1m" } },
      input: {
        search: {
          request: {
            indices: ["filebeat-*", "logs-*"],
            body: {
              size: 1,
              track_total_hits: true,
              sort: [{ "@timestamp": "desc" }],
              query: {
                bool: {
                  filter: [
                    { match_phrase: { message: "database corrupted" } },
                    { range: { "@timestamp": { gte: "now-90s", lt: "now" } } },
                  ],
                },
              },
            },
          },
        },
      },
      condition: { compare: { "ctx.payload.hits.total": { gt: 0 } } },
      metadata: {
        name: "Words in a log",
        description: "A client wrote a line that must not be there.",
        alert: {
          scope: "node",
          severity: "high",
          over_after: "10m",
          about: "{{ctx.payload.hits.hits.0._source.host.name}}",
          title: "{{ctx.payload.hits.total}} lines on {{ctx.payload.hits.hits.0._source.host.name}}",
          text: "The newest: {{ctx.payload.hits.hits.0._source.message}}",
          check_first: "The lines around it on that server.",
          metric: { value: "payload.hits.total", title: "lines within 90 s", unit: "lines" },
        },
      },
      actions: ACTIONS,
    },
  };
}

const EMPTY: WatchTemplate = {
  id: "empty",
  title: "Empty",
  words: "Nothing but its parts, to be written as JSON.",
  watch: {
    trigger: { schedule: { interval: "5m" } },
    input: { simple: {} },
    condition: { never: {} },
    metadata: { name: "", description: "" },
    actions: { log: { logging: { text: "" } } },
  },
};
