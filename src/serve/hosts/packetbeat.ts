import type { QueryBody } from "../../search/request.ts";

/** Packetbeat's own name for it, and the Elastic Agent's. */
const dataset = (...names: readonly string[]): QueryBody => ({
  terms: { "event.dataset": names.flatMap((name) => [name, `network_traffic.${name}`]) },
});

/**
 * What Packetbeat's documents mean. A flow is told of again and again while it lasts, with its bytes so far, so that only
 * its last word (`flow.final`) is counted. A transaction (`status` OK, or Error) is one request with its answer, and
 * `event.duration` nanoseconds from one to the other. Events of before 7.0 have no `event.dataset` and are passed over. A header `authorization` that came along is nothing we show.
 */
export const packetbeat = {
  indices: "packetbeat-*,logs-network_traffic.*",
  endedFlow: { bool: { filter: [dataset("flow"), { term: { "flow.final": true } }] } },
  exchanges: dataset("dns", "http", "icmp"),
  protocols: { dns: dataset("dns"), http: dataset("http"), icmp: dataset("icmp") },
  /** An error of the transaction; of DNS and HTTP also an answer that says no. */
  failed: {
    bool: {
      should: [
        { match_phrase: { status: "Error" } },
        { range: { "http.response.status_code": { gte: 400 } } },
        {
          bool: {
            filter: [{ exists: { field: "dns.response_code" } }],
            must_not: [{ match_phrase: { "dns.response_code": "NOERROR" } }],
          },
        },
      ],
      minimum_should_match: 1,
    },
  },
  bytes: "network.bytes",
  packets: "network.packets",
  /** The other end of a flow. */
  peer: "destination.ip",
  durationNs: "event.duration",
} as const;

/** What is read of a transaction for a list; `code` is the first that is there. */
export const exchangeFields = {
  at: "@timestamp",
  protocol: ["network.protocol", "type"],
  query: ["query", "icmp.request.message"],
  server: ["server.domain", "destination.domain", "server.ip", "destination.ip"],
  durationNs: packetbeat.durationNs,
  code: ["dns.response_code", "http.response.status_code", "icmp.response.message"],
  status: "status",
} as const;
