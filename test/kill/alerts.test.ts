import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { startFakeNode } from "../rigs/fake-node.ts";
import { type RunningProgram, startProgram } from "../rigs/program.ts";
import { until } from "../rigs/until.ts";

const cleanUp: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const step of cleanUp.splice(0).reverse()) await step();
});

type Received = { body: { slot: string; decided: string }; key: string | undefined };

/** Who is told: away until it is opened, at an address that is known before. */
async function createReceiver() {
  const received: Received[] = [];
  const start = async (port: number): Promise<Server> => {
    const server = createServer((request, response) => {
      let text = "";
      request.setEncoding("utf8").on("data", (chunk: string) => {
        text += chunk;
      });
      request.on("end", () => {
        received.push({
          body: JSON.parse(text) as Received["body"],
          key: request.headers["idempotency-key"] as string,
        });
        response.end("ok");
      });
    });
    server.listen(port, "127.0.0.1");
    await once(server, "listening");
    return server;
  };
  const first = await start(0);
  const { port } = first.address() as AddressInfo;
  first.close();
  await once(first, "close");
  return {
    received,
    port,
    async open() {
      const server = await start(port);
      cleanUp.push(async () => server.close());
    },
  };
}

const watchOf = (port: number) => ({
  trigger: { stream: { dataset: "ethereum.block" } },
  condition: { always: {} },
  actions: {
    hook: {
      webhook: {
        method: "POST",
        url: `http://127.0.0.1:${port}/told`,
        body: '{"slot":"{{ctx.payload.ethereum.slot}}","decided":"{{ctx.execution_time}}"}',
      },
    },
  },
  metadata: {
    alert: {
      scope: "node",
      severity: "warning",
      about: "{{ctx.payload.ethereum.slot}}",
      event: true,
      title: "t",
      text: "t",
      over_after: "1h",
    },
  },
});

type Alert = { id: string; about: string; state: string; told: { status: string }[] };

async function alertsOf(url: string): Promise<Alert[]> {
  const response = await fetch(`${url}/api/v1/alerts`);
  if (!response.ok) return [];
  const { alerts } = (await response.json()) as { alerts: (Alert & { rule: string })[] };
  // The shipped rules find something in so small a network, too.
  return alerts.filter(({ rule }) => rule === "told-once");
}

test("what a killed program had decided is told by the next one, once, and no alert begins anew", {
  timeout: 120_000,
}, async () => {
  const directory = await mkdtemp(join(tmpdir(), "ethmon-alert-kill-"));
  cleanUp.push(() => rm(directory, { recursive: true, force: true }));
  const genesisTimeS = Math.floor(Date.now() / 1000) - 3_000;
  const node = await startFakeNode({ genesisTimeS });
  cleanUp.push(node.close);
  const receiver = await createReceiver();
  const start = async (): Promise<{ program: RunningProgram; url: string }> => {
    const args = ["run", "--data", directory, "--port", "0", "--log-level", "warn", "--node", `a=${node.url}`];
    const program = startProgram(args);
    cleanUp.push(async () => {
      program.process.kill("SIGKILL");
      await program.ended;
    });
    const url = await program.url;
    await until("the rules are taken up", async () => (await fetch(`${url}/api/v1/rules`)).ok);
    await until("the node streams", () => node.streams() > 0);
    return { program, url };
  };
  const emitBlock = () => {
    const slot = Math.floor((Date.now() / 1000 - genesisTimeS) / 6);
    node.emit("block", {
      slot: String(slot),
      block: `0x${slot.toString(16).padStart(64, "0")}`,
      execution_optimistic: false,
    });
    return String(slot);
  };

  const first = await start();
  const put = await fetch(`${first.url}/api/v1/rules/told-once`, {
    method: "PUT",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(watchOf(receiver.port)),
  });
  expect(put.status, await put.clone().text()).toBeLessThan(300);
  const slot = emitBlock();
  const decidedAfterMs = Date.now();
  await until("the alert is kept", async () => (await alertsOf(first.url)).length === 1);
  const [before] = await alertsOf(first.url);
  expect(before).toMatchObject({ about: slot, state: "open", told: [{ status: "pending" }] });
  first.program.process.kill("SIGKILL");
  await first.program.ended;
  expect(receiver.received).toEqual([]);

  await receiver.open();
  const second = await start();
  await until("it is told", () => receiver.received.length > 0, 60_000);
  await until("the alert says so", async () => (await alertsOf(second.url))[0]?.told[0]?.status === "delivered");
  expect(receiver.received).toHaveLength(1);
  expect(receiver.received[0]?.body.slot).toBe(slot);
  expect(Date.parse(receiver.received[0]?.body.decided ?? "")).toBeLessThanOrEqual(decidedAfterMs + 2_000);
  expect(receiver.received[0]?.key).toContain("told-once");

  // A third run has nothing left to tell of it, and tells of the next block.
  second.program.process.kill("SIGKILL");
  await second.program.ended;
  const third = await start();
  await until("a later slot begins", () => Math.floor((Date.now() / 1000 - genesisTimeS) / 6) > Number(slot));
  const later = emitBlock();
  await until("the next one is told", () => receiver.received.length > 1);
  expect(receiver.received.map(({ body }) => body.slot)).toEqual([slot, later]);
  await until("the next one is kept", async () => (await alertsOf(third.url)).length === 2);
  expect((await alertsOf(third.url)).map(({ id, about }) => [id === before?.id, about])).toEqual([
    [false, later],
    [true, slot],
  ]);
});
