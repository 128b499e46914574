import { formatAgo, formatUtc } from "../lib/format.ts";

/** A moment, told relatively; the absolute time stands in the hint, in UTC. */
export function Moment({ timeMs, nowMs }: { timeMs: number; nowMs: number }) {
  return (
    <time dateTime={new Date(timeMs).toISOString()} title={formatUtc(timeMs, "ms")}>
      {formatAgo(nowMs, timeMs)}
    </time>
  );
}
