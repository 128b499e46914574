import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { startServeRig } from "../../test/rigs/serve-rig.ts";
import { systemClock } from "../lib/clock.ts";
import { createAccess } from "../serve/access/access.ts";
import { createKeyStore } from "../serve/access/key-store.ts";
import { schemas } from "../serve/api/schemas.ts";
import { askRunning } from "./ask-running.ts";

const { signal } = new AbortController();

/** A monitor with a key, behind a proxy that serves it below `/monitor`. */
async function start(): Promise<{ base: string; encoded: string }> {
  const directory = mkdtempSync(join(tmpdir(), "ethmon-ask-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  const clock = systemClock();
  const store = createKeyStore({ dataDirectory: directory, clock });
  const { id, secret } = await store.createKey({ name: "reader", role: "reader", owner: "test" });
  const rig = await startServeRig({ access: createAccess({ store, clock, isLoopback: true }) });
  onTestFinished(rig.close);
  const proxy = createServer(async ({ url = "", headers: { authorization } }, response) => {
    const isOurs = url.startsWith("/monitor/");
    const answer = isOurs
      ? await rig.get(url.slice(8), authorization === undefined ? {} : { authorization })
      : undefined;
    response.writeHead(answer?.status ?? 404).end(JSON.stringify(answer?.body ?? {}));
  });
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  onTestFinished(async () => {
    await new Promise((resolve) => proxy.close(resolve));
  });
  const base = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}/monitor`;
  return { base, encoded: Buffer.from(`${id}:${secret}`).toString("base64") };
}

test("a running monitor is asked below the path of its address, with the key of the environment", async () => {
  const { base, encoded } = await start();
  onTestFinished(() => void vi.unstubAllEnvs());
  const ask = (at: string) => askRunning({ base: at, path: "/api/v1/network", schema: schemas.Network, signal });
  vi.stubEnv("ETHMON_API_KEY", "");
  await expect(ask(base)).rejects.toMatchObject({ code: "unauthenticated" });
  vi.stubEnv("ETHMON_API_KEY", encoded);
  for (const at of [base, `${base}/`]) expect(await ask(at)).toMatchObject({ name: "testnet" });
  await expect(ask(new URL(base).origin)).rejects.toMatchObject({ code: "answer_invalid" });
  await expect(ask("nowhere")).rejects.toMatchObject({ code: "url_invalid" });
});
