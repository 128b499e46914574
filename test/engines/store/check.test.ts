import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { catalogue } from "../../../src/events/catalogue.ts";
import { quarantined } from "../../../src/events/quarantine.ts";
import { systemClock } from "../../../src/lib/clock.ts";
import { silentLog } from "../../../src/lib/log.ts";
import { createElasticStore } from "../../../src/store/elastic/elastic-store.ts";
import { elasticStoreSchema } from "../../../src/store/elastic/settings.ts";
import { createEmbeddedStore } from "../../../src/store/embedded/embedded-store.ts";
import { runProgram } from "../../rigs/program.ts";
import { startElasticsearch } from "../elasticsearch.ts";
import type { Engine } from "../engine.ts";
import { startOpenSearch } from "../opensearch.ts";
import { wipe } from "./wipe.ts";

const STARTS = { "OpenSearch 3.8": startOpenSearch, "Elasticsearch 8.7": startElasticsearch };
const STREAM = "logs-ethereum.quarantine-checked";
const SLOTS = "ethmon-slot-checked";

type Report = {
  same: boolean;
  differences: { index: string | null; sentence: string }[];
  remarks: { sentence: string }[];
  indices: { index: string; documents: number }[];
  comparisons: { index: string; same: boolean }[];
};

describe.each(Object.entries(STARTS))("%s", (_, start) => {
  let engine: Engine;
  let root: string;
  let directory: string;
  beforeAll(async () => {
    engine = await start(AbortSignal.timeout(300_000));
    root = await mkdtemp(join(tmpdir(), "ethmon-check-"));
  }, 300_000);
  afterAll(async () => {
    await engine.stop();
    await rm(root, { recursive: true, force: true });
  });

  const opening = { network: "checked", datasets: catalogue, clock: systemClock(), log: silentLog };
  /** The same in either store. */
  const documents = [
    ...Array.from({ length: 20 }, (_, i) =>
      quarantined({
        node: "n1",
        receivedAtUs: 1_795_341_600_000_000 + i,
        dataset: "x",
        reason: "odd",
        original: `${i}`,
      }),
    ),
    { dataset: "slot", id: "7", timestampUs: 1_795_341_600_000_000, fields: { "ethereum.slot": 7 } },
  ];
  const retention = { votesMs: 24 * 3_600_000, rawMs: 30 * 86_400_000, diskBytes: 20e9 };

  beforeEach(async () => {
    await wipe(engine.url);
    directory = await mkdtemp(join(root, "writer-"));
    const store = await createElasticStore({
      ...opening,
      retention,
      directory,
      settings: elasticStoreSchema.parse({ urls: [engine.url] }),
    });
    await store.append(documents);
    await store.settled();
    await store.close();
  });

  const ask = async (method: string, path: string, body?: object): Promise<unknown> => {
    const headers = { "content-type": "application/json" };
    const request = { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
    const response = await fetch(`${engine.url}${path}`, request);
    if (!response.ok) throw new Error(`${method} ${path}: ${await response.text()}`);
    return response.json();
  };
  const check = async (...more: string[]): Promise<Report & { code: number | null }> => {
    const args = ["store", "check", "--json", "--store", engine.url, "--network", "checked", ...more];
    const { code, out, errors } = await runProgram(args);
    expect(errors).toBe("");
    return { code, ...(JSON.parse(out) as Report) };
  };
  const sentences = ({ differences }: Report) => differences.map(({ sentence }) => sentence);

  test("a cluster as ethmon made it is well; what the engine lacks and who writes is a remark", async () => {
    const report = await check("--data", directory);
    expect(sentences(report)).toEqual([]);
    expect(report).toMatchObject({ code: 0, same: true, comparisons: [] });
    expect(report.indices.find(({ index }) => index === STREAM)?.documents).toBe(20);
    const lacking = engine.name === "opensearch" ? "flattened: flat_object" : "unsigned_long: double";
    expect(report.remarks.map(({ sentence }) => sentence).join("\n")).toContain(`has no field type ${lacking}`);
    const { remarks } = await check();
    expect(remarks[0]?.sentence).toContain(`with the data directory ${directory}.`);
  });

  test("templates that are missing or were changed by hand are told", async () => {
    const path = `/_index_template/ethmon-${STREAM}`;
    const { index_templates } = (await ask("GET", path)) as { index_templates: { index_template: object }[] };
    const template = index_templates[0]?.index_template as { template: { mappings: { properties: object } } };
    await ask("DELETE", `/_index_template/ethmon-${SLOTS}`);
    const mappings = { ...template.template.mappings, dynamic: "true" };
    await ask("PUT", path, { ...template, template: { ...template.template, mappings } });
    const report = await check();
    expect(report).toMatchObject({ code: 1, same: false });
    expect(sentences(report)).toEqual([
      `The index template ethmon-${SLOTS} is missing: starting \`ethmon run --store\` puts it again.`,
      `The index template ethmon-${STREAM} is not as this ethmon and its configuration put it (template.mappings.dynamic): starting \`ethmon run --store\` puts it again.`,
    ]);
  });

  test("an index of another kind or with other fields, and documents that others wrote into it, are told", async () => {
    await ask("DELETE", `/${SLOTS}`);
    await ask("DELETE", `/_index_template/ethmon-${SLOTS}`);
    await ask("PUT", `/${SLOTS}`, {
      mappings: {
        properties: { "@timestamp": { type: "date_nanos" }, ethereum: { properties: { slot: { type: "keyword" } } } },
      },
    });
    await ask("PUT", `/${SLOTS}/_doc/1?refresh=true`, { "@timestamp": "2026-11-22T10:00:00Z" });
    const heads = "logs-ethereum.head-checked";
    await ask("DELETE", `/_index_template/ethmon-${heads}`);
    await ask("PUT", `/${heads}`, {});
    const told = sentences(await check());
    const line = (part: string) => told.find((sentence) => sentence.includes(part));
    expect(line(`The mapping of ${SLOTS} lacks`)).toMatch(/lacks .* and \d+ more: starting `ethmon run --store` adds/);
    expect(line(`The mapping of ${SLOTS} has`)).toContain(
      "ethereum.slot as keyword instead of long: the type of a field",
    );
    expect(line(`1 documents of ${SLOTS}`)).toContain("were not written by ethmon");
    expect(line(`${heads} is an index and must be a data stream`)).toBeDefined();
  });

  test("a claim of another directory is told", async () => {
    const other = await mkdtemp(join(root, "other-"));
    await ask("DELETE", "/ethmon.writers/_doc/checked?refresh=true");
    const store = await createElasticStore({
      ...opening,
      retention,
      directory: other,
      settings: elasticStoreSchema.parse({ urls: [engine.url] }),
    });
    // Who has stored something has met the cluster: the store is opened before that where the cluster is slow.
    await store.append(documents);
    await store.settled();
    await store.close();
    const [told] = sentences(await check("--data", directory));
    expect(told).toContain(`with the data directory ${other}, not by this data directory: stop one of the two.`);
  });

  test("an embedded store is held against the cluster", async () => {
    const embedded = await mkdtemp(join(root, "embedded-"));
    const fill = async (more: typeof documents) => {
      const store = await createEmbeddedStore({ ...opening, directory: embedded });
      await store.append(more);
      await store.settled();
      await store.close();
    };
    await fill(documents);
    const report = await check("--data", embedded);
    expect(report).toMatchObject({ code: 0, same: true });
    expect(report.comparisons).toMatchObject([
      { index: SLOTS, same: true },
      { index: STREAM, same: true },
    ]);
    await fill(documents.slice(-1).map((one) => ({ ...one, fields: { "ethereum.slot": 8 } })));
    expect(await check("--data", embedded)).toMatchObject({
      code: 1,
      comparisons: [
        { index: SLOTS, same: false, examples: [{ kind: "changed", id: "7", field: "ethereum.slot" }] },
        { index: STREAM, same: true },
      ],
    });
  });
});
