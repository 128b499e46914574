import type { AggregationsBody, QueryBody, SearchHit } from "../../search/request.ts";
import type { Exchange, ExchangeCounts, PacketProtocol, PacketsView } from "../hosts-view.ts";
import { hitsOf, momentOf, numberOf, textOf, topHits } from "./hit-fields.ts";
import {
  type Bucket,
  bucketsOf,
  type HostAsk,
  inner,
  type KeywordField,
  metricOf,
  searchByNode,
  within,
} from "./host-search.ts";
import { exchangeFields, packetbeat } from "./packetbeat.ts";
import type { HostSpan } from "./span.ts";

const MOST_PEERS = 5;
const MOST_LISTED = 10;
const NS_PER_MS = 1e6;

const PROTOCOLS = Object.keys(packetbeat.protocols) as readonly PacketProtocol[];

/** What went over the wire at each node's servers; nodes without a packet document are left out. */
export async function readPackets(ask: HostAsk, span: HostSpan): Promise<Map<string, PacketsView>> {
  const byNode = await searchByNode(ask, {
    indices: packetbeat.indices,
    filter: [within(span)],
    aggs: packetAggregations,
  });
  return new Map([...byNode].map(([node, bucket]) => [node, packetsView(bucket)]));
}

function packetAggregations(keyword: KeywordField): AggregationsBody {
  const { bytes, packets, peer, durationNs, failed, endedFlow } = packetbeat;
  const times = { mean: { avg: { field: durationNs } }, max: { max: { field: durationNs } } };
  const counted = (protocol: QueryBody) => ({ filter: protocol, aggs: { failed: { filter: failed }, ...times } });
  const exchanges = { bool: { should: Object.values(packetbeat.protocols), minimum_should_match: 1 } };
  const fields = Object.values(exchangeFields);
  return {
    flows: {
      filter: endedFlow,
      aggs: {
        bytes: { sum: { field: bytes } },
        packets: { sum: { field: packets } },
        peers: {
          // An index without a template has addresses as texts.
          terms: { field: keyword(peer), size: MOST_PEERS, order: { bytes: "desc" } },
          aggs: { bytes: { sum: { field: bytes } } },
        },
      },
    },
    ...Object.fromEntries(PROTOCOLS.map((protocol) => [protocol, counted(packetbeat.protocols[protocol])])),
    timed: {
      filter: { bool: { filter: [exchanges, { exists: { field: durationNs } }] } },
      aggs: { slowest: topHits({ size: MOST_LISTED, fields, sort: durationNs }) },
    },
    refused: {
      filter: { bool: { filter: [exchanges, failed] } },
      aggs: { newest: topHits({ size: MOST_LISTED, fields }) },
    },
  };
}

function packetsView(bucket: Bucket): PacketsView {
  const flows = inner(bucket, "flows");
  return {
    flows: {
      count: flows?.doc_count ?? 0,
      bytes: metricOf(flows, "bytes") ?? 0,
      packets: metricOf(flows, "packets") ?? 0,
      peers: bucketsOf(flows, "peers").map((peer) => ({
        ip: String(peer.key),
        flows: peer.doc_count,
        bytes: metricOf(peer, "bytes") ?? 0,
      })),
    },
    dns: countsOf(inner(bucket, "dns")),
    http: countsOf(inner(bucket, "http")),
    icmp: countsOf(inner(bucket, "icmp")),
    slowest: hitsOf(inner(bucket, "timed"), "slowest").map(exchangeOf),
    failed: hitsOf(inner(bucket, "refused"), "newest").map(exchangeOf),
  };
}

function countsOf(bucket: Bucket | undefined): ExchangeCounts {
  const inMs = (ns: number | null) => (ns === null ? null : ns / NS_PER_MS);
  return {
    count: bucket?.doc_count ?? 0,
    failed: inner(bucket, "failed")?.doc_count ?? 0,
    mean_ms: inMs(metricOf(bucket, "mean")),
    max_ms: inMs(metricOf(bucket, "max")),
  };
}

function exchangeOf(hit: SearchHit): Exchange {
  const name = textOf(hit, exchangeFields.protocol);
  const code = textOf(hit, exchangeFields.code);
  const httpStatus = numberOf(hit, "http.response.status_code");
  const dnsCode = textOf(hit, "dns.response_code");
  const durationNs = numberOf(hit, exchangeFields.durationNs);
  return {
    at_ms: momentOf(hit),
    protocol: PROTOCOLS.find((protocol) => protocol === name) ?? null,
    query: textOf(hit, exchangeFields.query),
    server: textOf(hit, exchangeFields.server),
    duration_ms: durationNs === null ? null : durationNs / NS_PER_MS,
    code,
    failed:
      textOf(hit, exchangeFields.status) === "Error" ||
      (httpStatus !== null && httpStatus >= 400) ||
      (dnsCode !== null && dnsCode !== "NOERROR"),
  };
}
