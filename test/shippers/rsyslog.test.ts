import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type ElasticProgram, startElasticProgram } from "../rigs/elastic-program.ts";
import { until } from "../rigs/until.ts";
import { count, found, search } from "./ask.ts";
import { startRsyslog, startShippedRsyslog } from "./rsyslog.ts";

const LINES = 1_500;
const INDEX = "logs-geth-default";

let receiver: ElasticProgram;
let directory: string;
beforeAll(async () => {
  receiver = await startElasticProgram();
  directory = await mkdtemp(join(tmpdir(), "ethmon-rsyslog-"));
});
afterAll(async () => {
  await receiver?.close();
  await rm(directory, { recursive: true, force: true });
});

test("rsyslog's omelasticsearch sends each line of a client's log once, and it is read as that client's", async () => {
  const path = join(directory, "geth.log");
  const line = (number: number) =>
    number % 10 === 0
      ? `WARN [11-28|10:00:00.000] Snapshot extension registration failed  peer=${number}cafe err="peer connected on snap without compatible eth support"`
      : `INFO [11-28|10:00:00.000] Imported new potential chain segment     number=${number} blocks=1 txs=12`;
  await writeFile(path, Array.from({ length: LINES }, (_, number) => `${line(number)}\n`).join(""));
  const errorFile = join(directory, "errors.json");
  const rsyslog = await startRsyslog({
    directory,
    url: receiver.elasticUrl,
    index: INDEX,
    files: [{ path, host: "a", client: "geth" }],
  });
  try {
    await found(receiver.elasticUrl, { index: INDEX, documents: LINES, sender: rsyslog });
  } finally {
    await rsyslog.end();
  }
  expect(existsSync(errorFile) ? readFileSync(errorFile, "utf8") : "").toBe("");
  expect(await count(receiver.elasticUrl, INDEX)).toBe(LINES);
  const { hits, aggregations } = await search(receiver.elasticUrl, INDEX, {
    query: { bool: { filter: [{ term: { "log.level": "warn" } }, { term: { "observer.name": "a" } }] } },
    size: 1,
    aggs: { paths: { terms: { field: "log.file.path" } } },
  });
  expect(hits.total.value).toBe(LINES / 10);
  expect(hits.hits[0]?._source).toMatchObject({ service: { type: "geth" }, ethereum: { slot: expect.any(Number) } });
  expect(aggregations?.["paths"]?.buckets).toEqual([{ key: path, doc_count: LINES / 10 }]);
});

test("the shipped configuration sends each client's lines once, and no others", async () => {
  const port = await freePort();
  const rsyslog = await startShippedRsyslog({ directory, url: receiver.elasticUrl, port });
  const index = "logs-rsyslog-default";
  try {
    await until("rsyslog listens", () => mayConnect(port));
    const socket = connect(port, "127.0.0.1");
    for (let number = 0; number < LINES; number += 1) {
      const line = `INFO [11-28|10:00:00.000] Imported new potential chain segment number=${number} blocks=1 txs=12`;
      socket.write(`<30>Nov 28 10:00:00 a geth[7]: ${line}\n<30>Nov 28 10:00:00 a cron[8]: ${line}\n`);
    }
    socket.end();
    await once(socket, "close");
    await found(receiver.elasticUrl, { index, documents: LINES, sender: rsyslog });
  } finally {
    await rsyslog.end();
  }
  expect(await count(receiver.elasticUrl, index)).toBe(LINES);
  const { hits } = await search(receiver.elasticUrl, index, {
    query: { bool: { filter: [{ term: { "service.type": "geth" } }, { term: { "observer.name": "a" } }] } },
    size: 1,
  });
  expect(hits.total.value).toBe(LINES);
  expect(hits.hits[0]?._source).toMatchObject({
    log: { level: "info", syslog: { appname: "geth" } },
    message: "Imported new potential chain segment",
    ethereum: { slot: expect.any(Number) },
  });
});

/** rsyslog cannot say which port the system gave it. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  return typeof address === "object" && address !== null ? address.port : 0;
}

async function mayConnect(port: number): Promise<boolean> {
  const socket = connect(port, "127.0.0.1");
  try {
    await once(socket, "connect");
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
