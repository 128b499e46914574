import { afterAll, beforeAll } from "vitest";
import { type ElasticProgram, startElasticProgram } from "../rigs/elastic-program.ts";
import { describeClients } from "./describe-clients.ts";
import { describeDocuments } from "./describe-documents.ts";
import { describeRules } from "./describe-rules.ts";
import { describeWatcher } from "./describe-watcher.ts";

let rig: ElasticProgram;
beforeAll(async () => {
  rig = await startElasticProgram();
}, 60_000);
afterAll(() => rig?.close());

describeClients(() => rig.elasticUrl);
describeDocuments(() => rig.elasticUrl);
describeWatcher(() => rig.elasticUrl);
describeRules(() => rig.program.url);
