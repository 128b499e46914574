import type { RecordDataset } from "./record.ts";

/** One look at what the stamps of arrivals are worth; Unix milliseconds, and spans in milliseconds. */
export type ClockRecord = {
  /** Whether a time server answered; null where none is asked. */
  reachable: boolean | null;
  /** What has to be added to the machine's clock; positive when that is behind. */
  offset_ms: number | null;
  error_ms: number | null;
  server: string | null;
  round_trip_ms: number | null;
  stratum: number | null;
  agreeing: number | null;
  reason: string | null;
  /** How late the event loop ran since the record before. */
  loop_delay_p50_ms: number;
  loop_delay_p99_ms: number;
  loop_delay_max_ms: number;
};

export const clockDataset: RecordDataset = {
  kind: "stream",
  source: "own",
  name: "ethereum.clock",
  title: "The monitor's clock",
  keep: "ever",
  words:
    "How far the stamps of arrivals can be trusted: the machine's clock against time servers, and how late the program " +
    "ran. Stamps stay the machine's; nothing is corrected by it.",
  columns: [
    {
      key: "reachable",
      name: "ethereum.clock.reachable",
      type: "boolean",
      words: "A time server answered; absent where none is asked.",
    },
    {
      key: "offset_ms",
      name: "ethereum.clock.offset_ms",
      type: "double",
      words: "To be added to the machine's clock, signed ms; positive when it is behind.",
    },
    {
      key: "error_ms",
      name: "ethereum.clock.error_ms",
      type: "double",
      words: "That offset is off by this at most, ms: half the round trip and the server's root distance.",
    },
    { key: "server", name: "ethereum.clock.server", type: "keyword", words: "Time server of the best sample." },
    {
      key: "round_trip_ms",
      name: "ethereum.clock.round_trip_ms",
      type: "double",
      words: "Round trip of that sample, ms.",
    },
    { key: "stratum", name: "ethereum.clock.stratum", type: "long", words: "Stratum of that server." },
    {
      key: "agreeing",
      name: "ethereum.clock.agreeing",
      type: "long",
      words: "Time servers that agree with that sample, its own included.",
    },
    { key: "reason", name: "event.reason", type: "keyword", words: "Why no time server gave a sample: a code." },
    ...(["p50", "p99", "max"] as const).map((part) => ({
      key: `loop_delay_${part}_ms`,
      name: `ethereum.clock.loop_delay_ms.${part}`,
      type: "double" as const,
      words: `Delay of the program's event loop since the document before, ${part}, ms.`,
    })),
  ],
};
