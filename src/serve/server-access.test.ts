import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type ServeRig, startServeRig } from "../../test/rigs/serve-rig.ts";
import { systemClock } from "../lib/clock.ts";
import { createAccess } from "./access/access.ts";
import { createKeyStore, type KeyStore } from "./access/key-store.ts";

let directory: string;
let keys: KeyStore;
let rig: ServeRig;
const clock = systemClock();

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "ethmon-native-"));
  keys = createKeyStore({ dataDirectory: directory, clock });
  rig = await startServeRig({ access: createAccess({ store: keys, clock, isLoopback: true }) });
});
afterEach(async () => {
  await rig.close();
  await rm(directory, { recursive: true });
});

const keyed = async (role: "reader" | "writer" | "admin") => {
  const { id, secret } = await keys.createKey({ name: role, role, owner: "test" });
  return { authorization: `ApiKey ${Buffer.from(`${id}:${secret}`).toString("base64")}` };
};
const post = (headers: Record<string, string>) => fetch(`${rig.url}/api/v1/check`, { method: "POST", headers });

test("without keys everybody on this machine may do everything", async () => {
  expect((await rig.get("/api/v1/nodes")).status).toBe(200);
  expect((await post({})).status).toBe(202);
});

test("once there is one, pages, API, stream and metrics need one, and say which ways there are", async () => {
  const reader = await keyed("reader");
  for (const path of ["/api/v1/nodes", "/api/v1/stream", "/metrics", "/", "/nothing"]) {
    const { status, headers, body } = await rig.get(path);
    expect({ path, status, body }).toEqual({
      path,
      status: 401,
      body: { error: { code: "unauthenticated", message: expect.stringContaining(path), retry: false } },
    });
    expect(headers.get("www-authenticate")).toMatch(/^Basic realm="security".*ApiKey$/);
  }
  expect((await rig.get("/api/v1/nodes", reader)).status).toBe(200);
});

test("a reader looks, a writer sees figures alone, an admin does all", async () => {
  const [reader, writer, admin] = [await keyed("reader"), await keyed("writer"), await keyed("admin")];
  const statuses = async (headers: Record<string, string>) => [
    (await rig.get("/api/v1/nodes", headers)).status,
    (await rig.get("/metrics", headers)).status,
    (await post(headers)).status,
  ];
  expect(await statuses(reader)).toEqual([200, 200, 403]);
  expect(await statuses(writer)).toEqual([403, 200, 403]);
  expect(await statuses(admin)).toEqual([200, 200, 202]);
});

test("a reader asks by POST, too, and saves nothing; an admin saves", async () => {
  const [reader, writer, admin] = [await keyed("reader"), await keyed("writer"), await keyed("admin")];
  const send = async (method: string, path: string, headers: Record<string, string>) => {
    const json = { "content-type": "application/json", ...headers };
    return (await fetch(`${rig.url}${path}`, { method, headers: json, body: "{}" })).status;
  };
  for (const path of ["/api/v1/search", "/api/v1/panels/answer", "/api/v1/sql"]) {
    // 400: who may ask is told what is wrong with the body.
    expect([path, await send("POST", path, reader)]).toEqual([path, 400]);
    expect([path, await send("POST", path, writer)]).toEqual([path, 403]);
  }
  for (const path of ["/api/v1/panels/mine", "/api/v1/dashboards/mine", "/api/v1/searches/mine"]) {
    for (const [headers, status] of [
      [reader, 403],
      [writer, 403],
      [admin, 400],
    ] as const) {
      expect([path, await send("PUT", path, headers)]).toEqual([path, status]);
    }
    expect((await fetch(`${rig.url}${path}`, { method: "DELETE", headers: reader })).status).toBe(403);
  }
});

test("a browser's user logs in with a password", async () => {
  await keys.putUser({ name: "eve", password: "correct horse", role: "reader" });
  const basic = (password: string) => ({ authorization: `Basic ${Buffer.from(`eve:${password}`).toString("base64")}` });
  expect((await rig.get("/api/v1/nodes", basic("correct horse"))).status).toBe(200);
  expect(await rig.get("/api/v1/nodes", basic("wrong horse"))).toMatchObject({ status: 401 });
});

test("others than this machine may be listened to once every request needs credentials", async () => {
  await expect(startServeRig({ config: { host: "0.0.0.0" } })).rejects.toMatchObject({
    code: "listen_address_refused",
  });
  await keyed("reader");
  const access = createAccess({ store: keys, clock, isLoopback: false });
  const open = await startServeRig({ access, config: { host: "0.0.0.0", authenticates: await keys.hasCredentials() } });
  const { port } = new URL(open.url);
  expect((await fetch(`http://127.0.0.1:${port}/api/v1/nodes`)).status).toBe(401);
  await open.close();
});
