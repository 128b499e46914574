import type { Drained } from "./drain.ts";
import type { Lag } from "./lag.ts";
import type { Growth, Written } from "./written.ts";

export type WatchedSpan = {
  seconds: number;
  slots: number;
  written: readonly Written[];
  bulkRequests: number;
  bulkBytes: number;
  lag: Lag;
  mostMb: { monitor: number; engine: number };
  /** Documents in the journal that were not in the cluster, at most. */
  mostWaiting: number;
  cpuSeconds: { monitor: number; engine: number };
};

export function spanLines(span: WatchedSpan): string[] {
  const { seconds, lag, mostMb, cpuSeconds } = span;
  const writes = span.written.reduce((sum, one) => sum + one.writes, 0);
  const share = (cpu: number) => `${(cpu / seconds).toFixed(2)} cores`;
  return [
    pair("seconds watched", seconds.toFixed(0)),
    pair("documents written a second", (writes / seconds).toFixed(1)),
    pair("_bulk requests a second", (span.bulkRequests / seconds).toFixed(2)),
    pair("KB sent a second", (span.bulkBytes / seconds / 1000).toFixed(1)),
    pair(`arrival to found, p50 and p99 of ${lag.documents}`, `${lag.p50Ms} ms, ${lag.p99Ms} ms`),
    pair("most documents that waited in the journal", String(span.mostWaiting)),
    pair("CPU, monitor and engine", `${share(cpuSeconds.monitor)}, ${share(cpuSeconds.engine)}`),
    pair("resident MB at most, monitor and engine", `${mostMb.monitor}, ${mostMb.engine}`),
  ];
}

/** By dataset and by what makes them more: written in the span, and the bytes of those in `merged`. */
export function writtenLines(span: WatchedSpan, merged: readonly Written[]): string[] {
  const sizes = new Map(merged.map((one) => [one.dataset, one]));
  const rows = span.written
    .filter(({ writes }) => writes > 0)
    .toSorted((a, b) => a.growth.localeCompare(b.growth) || b.writes - a.writes);
  const groups = Map.groupBy(rows, ({ growth }): Growth => growth);
  const perSecond = (writes: number) => (writes / span.seconds).toFixed(2);
  const perSlot = (writes: number) => (writes / span.slots).toFixed(2);
  return [
    line(["dataset", "grows with", "writes/s", "writes/slot", "merged docs", "bytes/doc"]),
    ...rows.map(({ dataset, growth, writes }) => {
      const size = sizes.get(dataset);
      const bytes = size === undefined || size.documents === 0 ? "" : (size.bytes / size.documents).toFixed(0);
      return line([dataset, growth, perSecond(writes), perSlot(writes), String(size?.documents ?? ""), bytes]);
    }),
    ...[...groups].map(([growth, members]) => {
      const writes = members.reduce((sum, one) => sum + one.writes, 0);
      return line(["all", growth, perSecond(writes), perSlot(writes), "", ""]);
    }),
  ];
}

export function drainLines(drained: Readonly<Record<string, Drained>>): string[] {
  return [
    line([
      "drained after the cluster was away",
      "documents",
      "docs/s",
      "monitor µs/doc",
      "engine µs/doc",
      "sent B/doc",
    ]),
    ...Object.entries(drained).map(([what, one]) =>
      line([
        what,
        String(one.documents),
        String(one.documentsASecond),
        String(one.cpuUsADocument.monitor),
        String(one.cpuUsADocument.engine),
        String(one.bytesADocumentSent),
      ]),
    ),
  ];
}

function pair(what: string, value: string): string {
  return what.padEnd(52) + value.padStart(24);
}

function line([first = "", ...rest]: readonly string[]): string {
  return first.padEnd(36) + rest.map((cell) => cell.padStart(17)).join("");
}
