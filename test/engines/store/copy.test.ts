import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { sleep } from "../../../src/lib/sleep.ts";
import type { Comparison } from "../../../src/store/copy/compare.ts";
import type { ForeignDocuments } from "../../rigs/foreign-documents.ts";
import { runProgram, startProgram } from "../../rigs/program.ts";
import { storedHits } from "../../rigs/stored.ts";
import { storeRecording } from "../../rigs/stored-recording.ts";
import { startElasticsearch } from "../elasticsearch.ts";
import type { Engine } from "../engine.ts";
import { startOpenSearch } from "../opensearch.ts";
import { wipe } from "./wipe.ts";

const RECORDING = fileURLToPath(new URL("../../../demo/devnet3-fulu-faults", import.meta.url));
const AT = "2026-11-22T10:00:00.000Z";

const foreign: readonly ForeignDocuments[] = [
  {
    index: "metrics-system.cpu-default",
    kind: "stream",
    documents: Array.from({ length: 300 }, (_, i) => ({
      "@timestamp": new Date(Date.parse(AT) + i * 1_000).toISOString(),
      host: { name: `h${i % 3}`, ip: ["10.0.0.1", "fe80::1"] },
      system: { cpu: { total: { pct: i / 7 } } },
      message: `Zeile ${i} «ü»\n\tzweite`,
      process: { start: "9007199254740993" },
    })),
  },
  {
    index: "telegraf",
    kind: "index",
    texts: "text",
    documents: [
      { "@timestamp": AT, tag: { host: "h1" }, net: { bytes: 12 } },
      { "@timestamp": AT, tag: { host: "h2" }, list: [1.5, null, 2], empty: {} },
    ],
  },
];

const STARTS = { "OpenSearch 3.8": startOpenSearch, "Elasticsearch 8.7": startElasticsearch };

type Told = { same: boolean; network: string; indices: Comparison[] };

describe.each(Object.entries(STARTS))("%s", (_, start) => {
  let engine: Engine;
  let directory: string;
  let network: string;
  let source: string;

  beforeAll(async () => {
    engine = await start(AbortSignal.timeout(300_000));
    await wipe(engine.url);
    directory = await mkdtemp(join(tmpdir(), "ethmon-copy-"));
    source = join(directory, "source");
    network = await storeRecording({ directory: source, recording: RECORDING, foreign });
  }, 300_000);
  afterAll(async () => {
    await engine.stop();
    await rm(directory, { recursive: true, force: true });
  });

  async function copy(...args: string[]): Promise<Told> {
    const { code, out, errors } = await runProgram(["store", "copy", "--json", ...args]);
    expect({ code, errors: errors.replaceAll(/^.* of \d+\n/gm, "") }).toEqual({ code: 0, errors: "" });
    return JSON.parse(out) as Told;
  }

  /** Runs the command and kills it after a while, until it comes to its end before. */
  async function copyWithKills(afterMs: readonly number[], ...args: string[]): Promise<Told> {
    for (const ms of afterMs) {
      const program = startProgram(["store", "copy", "--json", ...args]);
      await Promise.race([sleep(ms), program.ended]);
      program.process.kill("SIGKILL");
      await program.ended;
    }
    return copy(...args);
  }

  const sources = async (place: string, patterns: readonly string[]) =>
    (await storedHits({ directory: place, patterns, network })).map((hits) => hits.map(({ _source }) => _source));

  test("a recording's documents and those of others go to a cluster and come back, killed in between, as they were", async () => {
    const target = join(directory, "back");
    const there = await copyWithKills([6_000, 12_000], "--from", source, "--to", engine.url);
    expect(there).toMatchObject({ same: true, network });
    expect(there.indices.length).toBeGreaterThan(15);
    const counts = new Map(there.indices.map(({ index, target: { documents } }) => [index, documents]));
    expect(counts.get("metrics-system.cpu-default")).toBe(300);
    expect(counts.get("telegraf")).toBe(2);
    expect(counts.get(`logs-ethereum.block-${network}`)).toBeGreaterThan(50);

    const back = await copyWithKills([6_000, 12_000], "--from", engine.url, "--to", target);
    expect(back).toMatchObject({ same: true, network });
    expect(back.indices.map(({ index, target: { documents } }) => [index, documents])).toEqual([...counts]);

    const patterns = [...counts.keys()];
    expect(await sources(target, patterns)).toEqual(await sources(source, patterns));
    // Once more in both directions, nothing is added.
    expect(await copy("--from", source, "--to", engine.url)).toEqual(there);
    expect(await copy("--from", source, "--to", engine.url, "--again")).toEqual(there);
    expect(await copy("--from", engine.url, "--to", target)).toEqual(back);
    expect(await sources(target, patterns)).toEqual(await sources(source, patterns));
  }, 400_000);

  test("single votes are copied with --votes alone, and by pattern alone what it says", async () => {
    const pattern = ["--datasets", "ethereum.*attestation"];
    const { code, errors } = await runProgram(["store", "copy", "--from", source, "--to", engine.url, ...pattern]);
    expect(code).toBe(1);
    expect(errors).toContain("Single votes are copied with --votes alone.");
    const there = await copy("--from", source, "--to", engine.url, ...pattern, "--votes");
    expect(there.same).toBe(true);
    const votes = there.indices.find(({ index }) => index === `logs-ethereum.single_attestation-${network}`);
    expect(votes?.source.documents).toBeGreaterThan(100);
    const target = join(directory, "votes");
    const back = await copy("--from", engine.url, "--to", target, ...pattern, "--votes");
    expect(back.indices.map(({ target: { documents } }) => documents)).toEqual(
      there.indices.map(({ source: { documents } }) => documents),
    );
    const patterns = there.indices.map(({ index }) => index);
    expect(await sources(target, patterns)).toEqual(await sources(source, patterns));
  }, 300_000);

  test("a document that the cluster lost is told, and --again brings it back", async () => {
    await copy("--from", source, "--to", engine.url);
    const index = `logs-ethereum.block-${network}`;
    const found = (await (await fetch(`${engine.url}/${index}/_search?size=1`)).json()) as {
      hits: { hits: { _index: string; _id: string }[] };
    };
    const [lost] = found.hits.hits;
    await fetch(`${engine.url}/${lost?._index}/_doc/${lost?._id}?refresh=true`, { method: "DELETE" });
    const { code, out } = await runProgram(["store", "copy", "--from", source, "--to", engine.url]);
    expect(code).toBe(1);
    expect(out).toContain(`${index}  differs: `);
    expect(out).toContain(`  ${lost?._id} (position ${lost?._id}) is missing at the target`);
    expect((await copy("--from", source, "--to", engine.url, "--again")).same).toBe(true);
  }, 200_000);
});
