import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { entryPipelineOf } from "./entry-pipeline.ts";
import { clientLogsPipeline, readShippedPipelines } from "./shipped-pipelines.ts";

describe("the pipeline that a document's content speaks for", () => {
  it.each([
    [{ message: "x", container: { name: "eth-docker-consensus-lighthouse-1" } }],
    [{ message: "x", "log.file.path": "/var/log/Geth.log" }],
    [{ message: "x", log: { "file.path": "/srv/nethermind/logs/mainnet.logs.txt" } }],
    [{ message: "x", labels: { client: "teku" } }],
    [{ message: "x", systemd: { unit: "beacon-chain.service" } }],
  ])("is that of client logs for %j", (source) => {
    expect(entryPipelineOf(source)).toBe(clientLogsPipeline);
  });

  it.each([
    [{ message: "x" }],
    [{ message: "x", container: { name: "together" } }],
    [{ message: "x", host: { name: "lighthouse" } }],
    [{ message: { text: "x" }, container: { name: "geth" } }],
    [{ container: { name: "geth" }, system: { cpu: { pct: 0.1 } } }],
    [{ message: "x", event: { original: "raw" }, container: { name: "geth" } }],
  ])("is none for %j", (source) => {
    expect(entryPipelineOf(source)).toBeUndefined();
  });

  it("is found by the names that the pipeline itself looks at", () => {
    const pipeline = JSON.stringify(readShippedPipelines().get(clientLogsPipeline));
    const [, template = ""] = /"_tmp\.names","value":"([^"]+)"/.exec(pipeline) ?? [];
    const names = [...template.matchAll(/\{\{\{([^}]+)\}\}\}/g)].map(([, name = ""]) => name);
    expect(names.length).toBeGreaterThan(10);
    for (const name of names) expect(entryPipelineOf({ message: "x", [name]: "besu" })).toBe(clientLogsPipeline);
    const file = fileURLToPath(new URL("entry-pipeline.ts", import.meta.url));
    const [, clients = ""] = /"CLIENT":"\(\?<!\[a-z\]\)\(\?:([^)]+)\)/.exec(pipeline) ?? [];
    expect(readFileSync(file, "utf8")).toContain(`(?:${clients})`);
  });
});
