import type { Document } from "../../src/events/document.ts";
import { createRandom } from "../../src/lib/random.ts";
import { NODES } from "./network-day.ts";

export const LOOK_MS = 30_000;
const QUEUES = ["intake", "block_requests", "header_requests", "duty_requests"];

/** What one look at the monitor told, and of every fortieth what the time servers said. */
export function monitorDocuments(startMs: number, place: number): Document[] {
  const timestampUs = (startMs + place * LOOK_MS) * 1_000;
  const random = createRandom(place);
  const of = (part: string, fields: Document["fields"]): Document => ({
    dataset: "ethereum.monitor",
    timestampUs,
    fields: { "ethereum.monitor.part": part, "ethereum.monitor.span_ms": LOOK_MS, ...fields },
  });
  return [
    of("program", {
      "ethereum.monitor.events": 364_800,
      "ethereum.monitor.events_per_s": 12_000 + random.integer(0, 400),
      "ethereum.monitor.dropped": 0,
      "ethereum.monitor.quarantined": 0,
      "ethereum.monitor.unsearchable": random.integer(0, 9_000),
      "ethereum.monitor.unjournaled": random.integer(0, 900),
      "ethereum.monitor.rows": 12_000 * 30 * place,
      "ethereum.monitor.disk_bytes": 1_600_000 * place,
      "ethereum.monitor.rss_bytes": random.integer(290_000_000, 330_000_000),
      "ethereum.monitor.cpu_share": 0.2 + random.next() / 10,
      "ethereum.monitor.loop_delay_p99_ms": 4 + 20 * random.next(),
    }),
    ...NODES.map(({ name }) =>
      of("node", {
        "observer.name": name,
        "ethereum.monitor.state": "streaming",
        "ethereum.monitor.events": 72_960,
        "ethereum.monitor.events_per_s": 2_400 + random.integer(0, 80),
        "ethereum.monitor.silent_ms": random.integer(0, 900),
        "ethereum.monitor.reconnects": random.chance(0.001) ? 1 : 0,
      }),
    ),
    ...QUEUES.map((queue) =>
      of("queue", {
        "ethereum.monitor.queue": queue,
        "ethereum.monitor.items": random.integer(0, 900),
        "ethereum.monitor.limit": 1_000_000,
        "ethereum.monitor.fullness": random.next() / 1_000,
        "ethereum.monitor.pushed": 364_800,
        "ethereum.monitor.dropped": random.chance(0.0005) ? 3 : 0,
      }),
    ),
    ...(place % 40 > 0
      ? []
      : [
          {
            dataset: "ethereum.clock",
            timestampUs,
            fields: {
              "ethereum.clock.reachable": true,
              "ethereum.clock.offset_ms": 2 * random.next() - 1,
              "ethereum.clock.error_ms": 4 + 3 * random.next(),
              "ethereum.clock.loop_delay_ms.p99": 8,
            },
          },
        ]),
  ];
}
