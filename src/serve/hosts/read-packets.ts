import type { AggregationsBody, QueryBody, SearchHit } from "../../search/request.ts";
import type { Exchange, ExchangeCounts, PacketProtocol, PacketsView } from "../hosts-view.ts";
import { hitsOf, momentOf, numberOf, textOf, topHits } from "./hit-fields.ts";
import {
  anythingCame,
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
  const { indices, endedFlow } = packetbeat;
  if (!(await anythingCame(ask, indices, span))) return new Map();
  const filter = [within(span)];
  const seen = await searchByNode(ask, { indices, filter, aggs: () => ({}) });
  const flows = await searchByNode(ask, { indices, filter: [...filter, endedFlow], aggs: flowAggregations });
  const exchanges = await searchByNode(ask, {
    indices,
    filter: [...filter, packetbeat.exchanges],
    aggs: exchangeAggregations,
  });
  const viewOf = (node: string) => packetsView({ flows: flows.get(node), exchanges: exchanges.get(node) });
  return new Map([...seen.keys()].map((node) => [node, viewOf(node)]));
}

function flowAggregations(keyword: KeywordField): AggregationsBody {
  const { bytes, packets, peer } = packetbeat;
  return {
    bytes: { sum: { field: bytes } },
    packets: { sum: { field: packets } },
    peers: {
      // An index without a template has addresses as texts.
      terms: { field: keyword(peer), size: MOST_PEERS, order: { bytes: "desc" } },
      aggs: { bytes: { sum: { field: bytes } } },
    },
  };
}

function exchangeAggregations(): AggregationsBody {
  const { durationNs, failed } = packetbeat;
  const times = { mean: { avg: { field: durationNs } }, max: { max: { field: durationNs } } };
  const counted = (protocol: QueryBody) => ({ filter: protocol, aggs: { failed: { filter: failed }, ...times } });
  const fields = Object.values(exchangeFields);
  return {
    ...Object.fromEntries(PROTOCOLS.map((protocol) => [protocol, counted(packetbeat.protocols[protocol])])),
    timed: {
      filter: { exists: { field: durationNs } },
      aggs: { slowest: topHits({ size: MOST_LISTED, fields, sort: durationNs }) },
    },
    refused: { filter: failed, aggs: { newest: topHits({ size: MOST_LISTED, fields }) } },
  };
}

function packetsView({ flows, exchanges }: { flows: Bucket | undefined; exchanges: Bucket | undefined }): PacketsView {
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
    dns: countsOf(inner(exchanges, "dns")),
    http: countsOf(inner(exchanges, "http")),
    icmp: countsOf(inner(exchanges, "icmp")),
    slowest: hitsOf(inner(exchanges, "timed"), "slowest").map(exchangeOf),
    failed: hitsOf(inner(exchanges, "refused"), "newest").map(exchangeOf),
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
