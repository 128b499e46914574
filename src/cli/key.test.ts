import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type ElasticRig, startElasticRig } from "../../test/rigs/elastic-rig.ts";
import { runProgram } from "../../test/rigs/program.ts";
import { until } from "../../test/rigs/until.ts";

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "ethmon-key-"));
});
afterEach(() => rm(directory, { recursive: true }));

const key = async (...args: string[]) => {
  const { code, out, errors } = await runProgram(["key", ...args, "--data", directory]);
  return { code, out, errors: errors.trim() };
};
const json = async (...args: string[]) => JSON.parse((await key(...args, "--json")).out);
const status = async (rig: ElasticRig, authorization: string) =>
  (await rig.ask("GET", "/", { headers: { authorization } })).status;

test("a key of the command line opens the running face, until it is revoked", async () => {
  const rig = await startElasticRig({ directory });
  const made = await json("create", "--role", "writer", "--name", "beats", "--expires-days", "30");
  expect(made).toMatchObject({ name: "beats", role: "writer", expires: expect.stringMatching(/^\d{4}-/) });
  expect(Buffer.from(made.encoded, "base64").toString()).toBe(`${made.id}:${made.api_key}`);
  const authorization = `ApiKey ${made.encoded}`;
  await until("the key to be seen", async () => (await status(rig, authorization)) === 200);
  expect(await json("revoke", made.id)).toEqual({ id: made.id, outcome: "revoked" });
  await until("the end to be seen", async () => (await status(rig, authorization)) === 401);
  expect((await json("list")).keys).toMatchObject([{ id: made.id, state: "revoked", revoked: expect.any(String) }]);
  await rig.close();
});

test("for people it prints lines, and the secret but once", async () => {
  const { code, out } = await key("create", "--role", "reader", "--name", "grafana");
  expect(code).toBe(0);
  const [, encoded = ""] = /Authorization: ApiKey (\S+)/.exec(out) ?? [];
  const [id = "", secret = ""] = Buffer.from(encoded, "base64").toString().split(":");
  expect(secret).not.toBe("");
  const { out: list } = await key("list");
  expect(list.trim()).toBe(`key  ${id}  reader  active  grafana`);
});

test("a user logs in with the password of a file", async () => {
  const passwordFile = join(directory, "password");
  await writeFile(passwordFile, "correct horse\n");
  expect(await key("user", "eve", "--role", "admin", "--password-file", passwordFile)).toMatchObject({ code: 0 });
  const rig = await startElasticRig({ directory });
  expect(await status(rig, `Basic ${Buffer.from("eve:correct horse").toString("base64")}`)).toBe(200);
  expect((await json("list")).users).toEqual([{ name: "eve", role: "admin" }]);
  expect(await json("revoke", "eve")).toEqual({ id: "eve", outcome: "revoked" });
  await rig.close();
});

test.each([
  [["create"], "--role"],
  [["create", "--role", "root"], "reader, writer, admin"],
  [["create", "--role", "reader", "--expires-days", "-1"], "number of days"],
  [["revoke", "nobody"], "There is no key or user nobody."],
  [["user", "eve", "--role", "admin", "--password-file", "/none"], "cannot be read"],
])("%j is the user's fault, in a sentence", async (args, sentence) => {
  const { code, errors } = await key(...args);
  expect(code).toBe(1);
  expect(errors).toContain(sentence);
});
