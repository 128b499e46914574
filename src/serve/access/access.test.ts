import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Clock } from "../../lib/clock.ts";
import { type Access, createAccess } from "./access.ts";
import { createKeyStore, type KeyStore } from "./key-store.ts";
import { grants, type Principal, ROLES } from "./roles.ts";

let directory: string;
let nowMs: number;
let store: KeyStore;
let access: Access;
const clock: Clock = { nowUs: () => nowMs * 1000, monoUs: () => nowMs * 1000 };

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "ethmon-access-"));
  nowMs = Date.now();
  store = createKeyStore({ dataDirectory: directory, clock });
  access = createAccess({ store, clock, isLoopback: true });
});
afterEach(() => rm(directory, { recursive: true }));

const encoded = (scheme: string, credentials: string) => `${scheme} ${Buffer.from(credentials).toString("base64")}`;
const enter = (authorization?: string, door = access): Promise<Principal> =>
  door.authenticate({ authorization, uri: "/_search" });
const refusal = async (authorization?: string, door = access) =>
  enter(authorization, door).then(
    () => undefined,
    ({ details }) => ({ status: details.status, ...details.error, headers: details.headers }),
  );

describe("API keys", () => {
  test("let in who shows id and secret, with their role", async () => {
    const { id, secret } = await store.createKey({ name: "beats", role: "writer", owner: "me" });
    expect(await enter(encoded("ApiKey", `${id}:${secret}`))).toEqual({
      kind: "key",
      id,
      name: "beats",
      role: "writer",
    });
    expect(await enter(encoded("apikey", `${id}:${secret}`))).toMatchObject({ role: "writer" });
  });

  test("lie on the disk without their secrets, for the owner's eyes alone", async () => {
    const { id, secret } = await store.createKey({ name: "beats", role: "writer", owner: "me" });
    const [file = ""] = await readdir(join(directory, "access"));
    const path = join(directory, "access", file);
    expect(file).toBe(`key-${id}.json`);
    expect(await readFile(path, "utf8")).not.toContain(secret);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect((await stat(join(directory, "access"))).mode & 0o777).toBe(0o700);
  });

  test.each([
    ["a wrong secret", (id: string) => encoded("ApiKey", `${id}:wrong`)],
    ["no secret", (id: string) => encoded("ApiKey", id)],
    ["an unknown id", () => encoded("ApiKey", "nobody:secret")],
    ["what is not base64", () => "ApiKey ###"],
    ["another scheme", () => "Bearer abc"],
    ["a scheme alone", () => "ApiKey"],
  ])("%s is answered with 401 and the ways to authenticate", async (_, authorization) => {
    const { id } = await store.createKey({ name: "beats", role: "writer", owner: "me" });
    expect(await refusal(authorization(id))).toMatchObject({
      status: 401,
      type: "security_exception",
      header: { "WWW-Authenticate": [expect.stringContaining("Basic"), "ApiKey"] },
      headers: { "www-authenticate": expect.stringContaining("ApiKey") },
    });
  });

  test("end when they expire and when they are revoked", async () => {
    const expiring = await store.createKey({ name: "a", role: "reader", owner: "me", expiresMs: nowMs + 1000 });
    const revoked = await store.createKey({ name: "b", role: "reader", owner: "me" });
    const [first, second] = [expiring, revoked].map(({ id, secret }) => encoded("ApiKey", `${id}:${secret}`));
    await enter(first);
    nowMs += 1001;
    expect(await refusal(first)).toMatchObject({ status: 401 });
    await enter(second);
    expect(await store.revoke(revoked.id)).toBe("revoked");
    expect(await refusal(second)).toMatchObject({ status: 401 });
    expect(await store.revoke(revoked.id)).toBe("revoked before");
    expect(await store.revoke("nobody")).toBe("unknown");
  });

  test("made or revoked by another process are seen within a second", async () => {
    expect(await store.hasCredentials()).toBe(false);
    const other = createKeyStore({ dataDirectory: directory, clock });
    const { id, secret } = await other.createKey({ name: "a", role: "reader", owner: "me" });
    nowMs += 1000;
    await enter(encoded("ApiKey", `${id}:${secret}`));
    await other.revoke(id);
    nowMs += 1000;
    expect(await refusal(encoded("ApiKey", `${id}:${secret}`))).toMatchObject({ status: 401 });
  });

  test("survive a restart", async () => {
    const { id, secret } = await store.createKey({ name: "a", role: "admin", owner: "me", metadata: { team: "x" } });
    const later = createKeyStore({ dataDirectory: directory, clock });
    expect(
      await enter(encoded("ApiKey", `${id}:${secret}`), createAccess({ store: later, clock, isLoopback: true })),
    ).toMatchObject({
      role: "admin",
    });
    expect(await later.keys()).toMatchObject([{ id, owner: "me", metadata: { team: "x" } }]);
  });
});

describe("users", () => {
  test("come in with their password, and are hashed with scrypt", async () => {
    await store.putUser({ name: "eve", password: "correct horse", role: "reader" });
    expect(await enter(encoded("Basic", "eve:correct horse"))).toEqual({ kind: "user", name: "eve", role: "reader" });
    expect(await enter(encoded("Basic", "eve:correct horse"))).toMatchObject({ name: "eve" });
    const text = await readFile(join(directory, "access", "user-eve.json"), "utf8");
    expect(text).toMatch(/"passwordHash":"scrypt\$16384\$8\$5\$/);
    expect(text).not.toContain("correct horse");
  });

  test("a password may hold colons and any letters", async () => {
    await store.putUser({ name: "eve", password: "a:b:ü💡xx", role: "reader" });
    await enter(encoded("Basic", "eve:a:b:ü💡xx"));
  });

  test("with a wrong password, or unknown ones, are answered alike", async () => {
    await store.putUser({ name: "eve", password: "correct horse", role: "reader" });
    for (const name of ["eve", "mallory"]) {
      expect(await refusal(encoded("Basic", `${name}:wrong`))).toMatchObject({
        status: 401,
        reason: `unable to authenticate user [${name}] for REST request [/_search]`,
      });
    }
  });

  test("lose their old password with a new one, and all with their removal", async () => {
    await store.putUser({ name: "eve", password: "correct horse", role: "reader" });
    await enter(encoded("Basic", "eve:correct horse"));
    await store.putUser({ name: "eve", password: "battery staple", role: "admin" });
    expect(await refusal(encoded("Basic", "eve:correct horse"))).toMatchObject({ status: 401 });
    expect(await enter(encoded("Basic", "eve:battery staple"))).toMatchObject({ role: "admin" });
    expect(await store.revoke("eve")).toBe("revoked");
    expect(await refusal(encoded("Basic", "eve:battery staple"))).toMatchObject({ status: 401 });
  });

  test("bad names and short passwords are refused", async () => {
    await expect(store.putUser({ name: "../x", password: "long enough", role: "admin" })).rejects.toMatchObject({
      code: "user_name_invalid",
    });
    await expect(store.putUser({ name: "x", password: "short", role: "admin" })).rejects.toMatchObject({
      code: "password_too_short",
    });
  });

  test("a flood of guesses is turned away instead of queued", async () => {
    await store.putUser({ name: "eve", password: "correct horse", role: "reader" });
    const guesses = await Promise.all(
      Array.from({ length: 40 }, (_, n) => refusal(encoded("Basic", `eve:guess ${n}`))),
    );
    const statuses = new Set(guesses.map((guess) => guess?.status));
    expect(statuses).toEqual(new Set([401, 429]));
  });
});

describe("without credentials", () => {
  test("everything is allowed while there are none, and nothing once there are", async () => {
    expect(await enter()).toEqual({ kind: "anonymous", role: "admin" });
    await store.createKey({ name: "a", role: "reader", owner: "me" });
    expect(await refusal()).toMatchObject({
      status: 401,
      reason: "missing authentication credentials for REST request [/_search]",
    });
  });

  test("neither a server that others can reach nor the last key's end opens a door", async () => {
    expect(await refusal(undefined, createAccess({ store, clock, isLoopback: false }))).toMatchObject({ status: 401 });
    const { id } = await store.createKey({ name: "a", role: "reader", owner: "me" });
    await store.revoke(id);
    expect(await store.hasCredentials()).toBe(false);
    expect(await refusal()).toMatchObject({ status: 401 });
  });

  test("a server may let everybody read, which wrong credentials do not fall back to", async () => {
    await store.createKey({ name: "a", role: "admin", owner: "me" });
    const open = createAccess({ store, clock, isLoopback: true, anonymous: "reader" });
    expect(await enter(undefined, open)).toEqual({ kind: "anonymous", role: "reader" });
    expect(await refusal(encoded("Basic", "a:b"), open)).toMatchObject({ status: 401 });
    expect(await refusal(undefined, createAccess({ store, clock, isLoopback: true, anonymous: "none" }))).toMatchObject(
      { status: 401 },
    );
  });
});

test("each role may do what it is for", () => {
  const may = Object.fromEntries(
    ROLES.map((role) => [
      role,
      (["monitor", "read", "write", "setup", "manage"] as const).filter((privilege) => grants(role, privilege)),
    ]),
  );
  expect(may).toEqual({
    reader: ["monitor", "read"],
    writer: ["monitor", "write", "setup"],
    admin: ["monitor", "read", "write", "setup", "manage"],
  });
  expect(() =>
    access.authorize(
      { kind: "key", id: "i", name: "n", role: "reader" },
      { privilege: "write", action: "indices:data/write/bulk" },
    ),
  ).toThrow("action [indices:data/write/bulk] is unauthorized for API key id [i] of role [reader]");
});

test("a file among the credentials that is none is told by its path", async () => {
  await store.createKey({ name: "a", role: "reader", owner: "me" });
  await writeFile(join(directory, "access", "key-x.json"), "{}");
  await expect(createKeyStore({ dataDirectory: directory, clock }).keys()).rejects.toMatchObject({
    code: "access_unreadable",
    message: expect.stringContaining("key-x.json"),
  });
});
