import { afterAll, beforeAll } from "vitest";
import { type ElasticProgram, startElasticProgram } from "../rigs/elastic-program.ts";
import { describeKill } from "./describe-kill.ts";

let receiver: ElasticProgram;
beforeAll(async () => {
  receiver = await startElasticProgram();
}, 60_000);
afterAll(() => receiver?.close());

describeKill(() => receiver);
