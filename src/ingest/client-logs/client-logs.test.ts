import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import type { JsonObject } from "../document/json.ts";
import { createPipelines, type IngestResult } from "../pipelines.ts";
import { clients } from "./clients.ts";
import { errorClasses } from "./error-classes.ts";
import { clientLogsPipeline, readShippedPipelines } from "./shipped-pipelines.ts";

const READ_AT = "2026-11-28T12:00:00Z";
const OWN_LINES = fileURLToPath(new URL("../../../test/data/client-logs/", import.meta.url));

const pipelines = createPipelines({ nowUs: () => Date.parse(READ_AT) * 1000 });
for (const [id, body] of readShippedPipelines()) pipelines.put(id, body);

function run(message: string, more: JsonObject = {}, pipeline = clientLogsPipeline): IngestResult {
  return pipelines.run({ source: { message, "@timestamp": READ_AT, ...more }, meta: { _index: "logs-x" } }, [pipeline]);
}
function sourceOf(result: IngestResult): JsonObject {
  if (result.kind !== "document") throw new Error(`The line became no document: ${JSON.stringify(result)}`);
  return result.source;
}

type Line = { line: string; expected: JsonObject };
const ownLines = clients.flatMap(({ name }) => {
  const lines: Line[] = JSON.parse(readFileSync(`${OWN_LINES}${name}.json`, "utf8"));
  return lines.map(({ line, expected }) => [name, line, expected] as const);
});

describe("pipelines for the logs of clients", () => {
  test.each(ownLines)("%s: %s", (client, line, expected) => {
    const source = sourceOf(run(line));
    expect(source).toMatchObject({ ...expected, service: { type: client }, event: { original: line } });
    expect(source).not.toHaveProperty("_tmp");
    expect(source).not.toHaveProperty("tags");
  });

  test.each(ownLines)("%s by its own pipeline: %s", (client, line, expected) => {
    const source = sourceOf(run(line, {}, `ethmon-logs-${client}`));
    expect(source).toMatchObject({ ...expected, service: { type: client } });
  });

  test("has lines of every client, and a class of error for every class that is documented", () => {
    expect(new Set(ownLines.map(([client]) => client)).size).toBe(clients.length);
    const tail = JSON.stringify(pipelines.get("ethmon-logs-error"));
    const set = [...tail.matchAll(/"field":"error\.type","value":"(\w+)"/g)].map(([, name]) => name);
    expect(new Set(set)).toEqual(new Set(Object.keys(errorClasses)));
  });

  test("finds the client by the names that the shipper knows, before the form of the line", () => {
    const named = (more: JsonObject) => sourceOf(run("something unusual", more))["service"];
    expect(named({ container: { name: "prysm-beacon-chain" } })).toEqual({ type: "prysm" });
    expect(named({ "container.image.name": "ethereum/client-go", "container.name": "go-ethereum" })).toEqual({
      type: "geth",
    });
    expect(named({ labels: { client: "Teku" } })).toMatchObject({ type: "teku" });
    expect(named({ log: { file: { path: "/var/log/nethermind.log" } } })).toEqual({ type: "nethermind" });
    expect(named({ container: { name: "together" } })).toBeUndefined();
  });

  test("a line of nobody's form is kept whole, and marked", () => {
    const source = sourceOf(run("hello \u001b[31mworld\u001b[0m"));
    expect(source).toMatchObject({
      message: "hello world",
      "@timestamp": READ_AT,
      tags: ["ethmon_unknown_client"],
      event: { kind: "event", original: "hello \u001b[31mworld\u001b[0m" },
    });
  });

  test("a document without a line is kept, and says that its pipeline failed", () => {
    const result = pipelines.run({ source: { x: 1 }, meta: { _index: "logs-x" } }, [clientLogsPipeline]);
    expect(sourceOf(result)).toMatchObject({
      x: 1,
      event: { kind: "pipeline_error" },
      error: { message: ["a client's log line has its text in [message]"] },
      tags: ["ethmon_pipeline_failed"],
    });
  });

  test("times without a zone are those of the shipper's zone", () => {
    const line = "Nov 20 10:00:02.150 INFO  New block received   slot: 1, root: 0xab12…cd34";
    const at = (timezone: string) => sourceOf(run(line, { event: { timezone } }))["@timestamp"];
    expect(at("+02:00")).toBe("2026-11-20T08:00:02.150000Z");
    expect(at("America/St_Johns")).toBe("2026-11-20T13:30:02.150000Z");
  });

  test("a line goes through in bounded time whatever it holds", () => {
    for (const filler of ["a", " ", "a=", 'a="', "(", "{", "slot: ", ", error: (", "\n", "0x", "\u001b["]) {
      for (const start of ["", "Nov 20 10:00:02.150 WARN x ", "INFO [11-20|10:00:02.250] ", "{", "t=1 lvl=info "]) {
        const result = run(start + filler.repeat(20_000 / filler.length));
        expect(result.kind).toBe("document");
      }
    }
  });
});

const COLLECTED =
  process.env["CLIENT_LOGS"] ?? fileURLToPath(new URL("../../../../shared/data/client-logs/", import.meta.url));
const collected = existsSync(COLLECTED) ? readdirSync(COLLECTED).filter((name) => name.endsWith(".log")) : [];

/** Of lines that others printed, where a collection of them is at hand (`CLIENT_LOGS` names its directory). */
describe.skipIf(collected.length === 0)("lines that clients really printed", () => {
  const LEVEL = /\b(?:TRACE|TRCE|DEBUG|DEBG|DBUG|INFO|WARN|ERROR?|ERRO|EROR|CRIT|INF|NTC|WRN|info|warn|debug|error)\b/;
  const TIMED =
    /^(?:\W?\d|[A-Z]+ ?\[\d|[A-Z][a-z]{2}[- ]\d|[A-Z]{3} \d|\[[A-Z]+\] \[|t(?:ime)?="?\d|\{"(?:t|@timestamp)")/;
  const SLOT = /(?:^|[^a-z_])[Ss]lot(?::|=| ) ?(\d+)/;

  test.each(collected)("%s: every line has what it says of level, time and slot", (file) => {
    const client = file.replace(".log", "");
    const lines = readFileSync(`${COLLECTED}/${file}`, "utf8").split("\n");
    const seen = { levels: 0, times: 0, slots: 0 };
    for (const line of lines) {
      if (line === "" || line.startsWith("# ")) continue;
      const source = sourceOf(run(line, { service: { type: client } }));
      expect(source, line).toMatchObject({ service: { type: client }, event: { original: line, kind: "event" } });
      const level = (source["log"] as JsonObject | undefined)?.["level"];
      // What documents quote in the middle of a sentence is no line's head.
      const head = line.slice(0, 60);
      if (LEVEL.test(head) && client !== "nethermind" && !/^[-\s#]/.test(line)) {
        expect(level, line).toMatch(/^(?:trace|debug|info|notice|warn|error|critical)$/);
        seen.levels += 1;
      }
      if (TIMED.test(line)) {
        expect(source["@timestamp"], line).not.toBe(READ_AT);
        expect(Date.parse(String(source["@timestamp"])), line).toBeLessThan(Date.parse("2026-11-29T12:00:00Z"));
        seen.times += 1;
      }
      const slot = SLOT.exec(line)?.[1];
      if (slot !== undefined) {
        expect((source["ethereum"] as JsonObject | undefined)?.["slot"], line).toBe(Number(slot));
        seen.slots += 1;
      }
      if (["warn", "error", "critical"].includes(String(level)))
        expect(Object.keys(errorClasses), line).toContain((source["error"] as JsonObject)["type"]);
    }
    expect(seen.levels + seen.times).toBeGreaterThan(0);
  });
});
