import { afterAll, beforeAll, describe } from "vitest";
import { describeKill } from "../../beats/describe-kill.ts";
import { describeClients } from "../../clients/describe-clients.ts";
import { describeDocuments } from "../../clients/describe-documents.ts";
import { type ElasticProgram, startElasticProgram } from "../../rigs/elastic-program.ts";
import { startElasticsearch } from "../elasticsearch.ts";
import type { Engine } from "../engine.ts";
import { startOpenSearch } from "../opensearch.ts";

const LIMIT_MS = 300_000;

/** Documents of others through the program's own face, which stores them in a real engine. */
describe.each([
  ["OpenSearch 3.8", startOpenSearch],
  ["Elasticsearch 8.7", startElasticsearch],
] as const)("behind ethmon's face with %s", (_, start) => {
  let engine: Engine;
  let program: ElasticProgram;
  beforeAll(async () => {
    engine = await start(AbortSignal.timeout(LIMIT_MS));
    program = await startElasticProgram({ config: { store: { elasticsearch: { urls: [engine.url] } } } });
  }, LIMIT_MS);
  afterAll(async () => {
    await program?.close();
    await engine?.stop();
  });

  describeClients(() => program.elasticUrl);
  describeDocuments(() => program.elasticUrl);
  describeKill(() => program);
});
