import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type ElasticProgram, startElasticProgram } from "../rigs/elastic-program.ts";
import { count, startSender } from "./ask.ts";
import { tools } from "./tools.ts";

const SCRIPT = fileURLToPath(new URL("python/elasticsearch_client.py", import.meta.url));
const DOCUMENTS = 1_000;

let receiver: ElasticProgram;
beforeAll(async () => {
  receiver = await startElasticProgram();
});
afterAll(() => receiver?.close());

const numbers = Array.from({ length: DOCUMENTS }, (_, number) => number);

test.each([
  ["8", tools.elasticsearchPython8.directory],
  ["9", tools.elasticsearchPython9.directory],
])(
  "Elastic's Python client %s sends in bulk, searches, scans and pages through a point in time",
  async (version, directory) => {
    const index = `logs-python.${version}-default`;
    const client = startSender("python3", [SCRIPT, receiver.elasticUrl, index, String(DOCUMENTS)], {
      PYTHONPATH: directory,
      PYTHONDONTWRITEBYTECODE: "1",
      PYTHONWARNINGS: "ignore",
    });
    expect(await client.ended, client.said()).toBe(0);
    expect(JSON.parse(client.said())).toEqual({
      tagline: "You Know, for Search",
      indexed: DOCUMENTS,
      errors: [],
      lost: DOCUMENTS / 2,
      newest: [998, 996],
      clients: { geth: [167, 996], reth: [333, 998] },
      scanned: numbers,
      paged: numbers,
      count: DOCUMENTS + 1,
      missing: [404, "index_not_found_exception"],
    });
    expect(await count(receiver.elasticUrl, index, { range: { number: { lt: DOCUMENTS } } })).toBe(DOCUMENTS);
  },
);
