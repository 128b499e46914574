import type { QueryBody } from "../../search/request.ts";
import type { HostFigure, HostView } from "../hosts-view.ts";

/** How a figure of ours is made of a shipper's fields: `offset` and the fields by their `scale`. */
export type Reading = {
  /** Without the first one there is no value; others that are missing count as 0. */
  parts: readonly { field: string; scale?: number }[];
  offset?: number;
};

/** A gauge of the host as a whole. Of several rows for one figure the first that has a value counts. */
export type Gauge = Reading & { figure: Exclude<HostFigure, "in_bytes_per_s" | "out_bytes_per_s"> };

/**
 * Which fields of a shipper's documents mean what. Of each part `of` finds its documents, so that no others are read, and
 * `key` names the field that tells one thing from another.
 */
export type MetricSource = {
  shipper: HostView["shipper"];
  /** Names of the data streams and indices that it writes to by default and by deploy/. */
  indices: string;
  /** The field with the server's name. */
  host: string;
  gauges: { of: QueryBody; rows: readonly Gauge[]; cores: readonly string[] };
  /** Counters of bytes by interface, since the host started. */
  network: { of: QueryBody; key: string; in: string; out: string };
  filesystems: { of: QueryBody; key: string; used: Reading; total: string };
  processes: { of: QueryBody; key: string; cpu: Reading; memory: string };
};

/** A figure of ours, or null without its first part. */
export function readingOf({ parts, offset = 0 }: Reading, values: readonly (number | null)[]): number | null {
  const [first] = values;
  if (first === null || first === undefined) return null;
  return parts.reduce((sum, { scale = 1 }, i) => sum + scale * (values[i] ?? 0), offset);
}

/**
 * Whether an interface carries bytes of its own: not loopback, and none of the bridges and virtual cables of containers
 * and tunnels, whose bytes another interface carries too.
 */
export function carriesOwnBytes(name: string): boolean {
  return !CARRIED.test(name);
}

const OTHERS = "lo[0-9]*|all|(docker|veth|br-|virbr|cni|flannel|cali|tunl|tun[0-9]|tap[0-9]|wg[0-9]).*";
const CARRIED = new RegExp(`^(${OTHERS})$`);

/** Leaves most of the others out of a search; in a text a name may be several words, so that some come all the same. */
export function onOwnInterfaces(field: string): QueryBody {
  return { bool: { must_not: [{ regexp: { [field]: OTHERS } }] } };
}
