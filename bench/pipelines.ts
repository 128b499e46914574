import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { clientLogsPipeline, readShippedPipelines } from "../src/ingest/client-logs/shipped-pipelines.ts";
import { createPipelines } from "../src/ingest/pipelines.ts";
import { systemClock } from "../src/lib/clock.ts";
import { keepResult } from "./machine.ts";

/**
 * Log lines a second through the pipelines of clients, on one thread: each client's own lines of test/data, by the
 * pipeline that finds the client out, and by the client's own. And the longest that one line of a stranger's can take.
 */
const SECONDS = 1.5;
const HOSTILE = ["a=", 'a="', "slot: ", ", error: (", "{", "x ", "0x", "\n"];
const DATA = fileURLToPath(new URL("../test/data/client-logs/", import.meta.url));

const { nowUs } = systemClock();
const pipelines = createPipelines({ nowUs });
for (const [id, body] of readShippedPipelines()) pipelines.put(id, body);

function linesASecond(lines: readonly string[], pipeline: string): number {
  const started = process.cpuUsage();
  let done = 0;
  for (;;) {
    for (let round = 0; round < 20; round += 1) {
      for (const message of lines) {
        const incoming = { source: { message, "@timestamp": "2026-11-28T12:00:00Z" }, meta: { _index: "logs-bench" } };
        if (pipelines.run(incoming, [pipeline]).kind !== "document") throw new Error(`A line failed: ${message}`);
        done += 1;
      }
    }
    const { user, system } = process.cpuUsage(started);
    const seconds = (user + system) / 1e6;
    if (seconds > SECONDS) return Math.round(done / seconds);
  }
}

function longestMs(): number {
  const times = HOSTILE.flatMap((part) =>
    ["", "Nov 20 10:00:02.150 WARN x ", "INFO [11-20|10:00:02.250] ", "t=1 lvl=info "].map((start) => {
      const started = process.cpuUsage();
      const message = start + part.repeat(16_384 / part.length);
      pipelines.run({ source: { message }, meta: { _index: "logs-bench" } }, [clientLogsPipeline]);
      const { user, system } = process.cpuUsage(started);
      return (user + system) / 1000;
    }),
  );
  return Math.round(Math.max(...times));
}

const figures: Record<string, { lines_a_second: number; client_known: number }> = {};
for (const file of readdirSync(DATA).filter((name) => name.endsWith(".json"))) {
  const client = file.replace(".json", "");
  const cases: { line: string }[] = JSON.parse(readFileSync(`${DATA}${file}`, "utf8"));
  const lines = cases.map(({ line }) => line);
  linesASecond(lines, clientLogsPipeline);
  figures[client] = {
    lines_a_second: linesASecond(lines, clientLogsPipeline),
    client_known: linesASecond(lines, `ethmon-logs-${client}`),
  };
  process.stdout.write(`${JSON.stringify({ what: "log lines", client, ...figures[client] })}\n`);
}
const hostile = { what: "a hostile line of 16 kB", longest_cpu_ms: longestMs() };
process.stdout.write(`${JSON.stringify(hostile)}\n`);
keepResult("pipelines", { clients: figures, hostile });
