import { afterEach, beforeEach, expect, test } from "vitest";
import { type ElasticRig, startElasticRig } from "../../../test/rigs/elastic-rig.ts";

let rig: ElasticRig;
let admin: { headers: { authorization: string } };
beforeEach(async () => {
  rig = await startElasticRig();
  const { id, secret } = await rig.keys.createKey({ name: "root", role: "admin", owner: "test" });
  admin = { headers: { authorization: `ApiKey ${Buffer.from(`${id}:${secret}`).toString("base64")}` } };
});
afterEach(() => rig.close());

const create = (body: unknown, as: object = admin) => rig.ask("POST", "/_security/api_key", { body, ...as });
const keyed = (encoded: string) => ({ headers: { authorization: `ApiKey ${encoded}` } });

test("a key that the API makes lets in, in Elasticsearch's form", async () => {
  const { status, body } = await create({
    name: "beats",
    expiration: "1d",
    role_descriptors: { writer: { index: [] } },
    metadata: { a: 1 },
  });
  expect(status).toBe(200);
  expect(Buffer.from(body.encoded, "base64").toString()).toBe(`${body.id}:${body.api_key}`);
  const as = keyed(body.encoded);
  expect((await rig.ask("GET", "/_security/_authenticate", as)).body).toEqual({
    username: "beats",
    roles: ["writer"],
    full_name: null,
    email: null,
    metadata: {},
    enabled: true,
    authentication_realm: { name: "_es_api_key", type: "_es_api_key" },
    lookup_realm: { name: "_es_api_key", type: "_es_api_key" },
    authentication_type: "api_key",
    api_key: { id: body.id, name: "beats" },
  });
  expect((await rig.bulk('{"index":{"_index":"t"}}\n{}\n', "/_bulk", as.headers)).status).toBe(200);
  for (const [method, path] of [
    ["GET", "/_search"],
    ["GET", "/_security/api_key"],
    ["DELETE", "/_index_template/x"],
  ] as const) {
    expect(await rig.ask(method, path, as)).toMatchObject({
      status: 403,
      body: { error: { type: "security_exception" } },
    });
  }
  expect((await rig.ask("GET", `/_security/api_key?id=${body.id}`, admin)).body.api_keys).toMatchObject([
    {
      id: body.id,
      name: "beats",
      type: "rest",
      invalidated: false,
      username: "root",
      metadata: { a: 1 },
      role_descriptors: { writer: {} },
    },
  ]);
});

test("a key is revoked at once", async () => {
  const { body } = await create({ name: "reader", role_descriptors: { reader: {} } });
  expect((await rig.ask("GET", "/", keyed(body.encoded))).status).toBe(200);
  const revoke = () => rig.ask("DELETE", "/_security/api_key", { body: { ids: [body.id] }, ...admin });
  expect((await revoke()).body).toEqual({
    invalidated_api_keys: [body.id],
    previously_invalidated_api_keys: [],
    error_count: 0,
  });
  expect((await rig.ask("GET", "/", keyed(body.encoded))).status).toBe(401);
  expect((await revoke()).body).toEqual({
    invalidated_api_keys: [],
    previously_invalidated_api_keys: [body.id],
    error_count: 0,
  });
  const active = await rig.ask("GET", "/_security/api_key?active_only=true&name=r*", admin);
  expect(active.body.api_keys.map(({ name }: { name: string }) => name)).toEqual(["root"]);
});

test("no answer but the first shows a secret or its hash", async () => {
  const { body } = await create({ name: "a" });
  const { text } = await rig.ask("GET", "/_security/api_key", admin);
  expect(text).not.toContain(body.api_key);
  expect(text).not.toContain("hash");
});

test.each([
  [{}, "Validation Failed: 1: api key name is required;"],
  [{ name: "a", foo: 1 }, "[api_key_request] unknown field [foo]"],
  [{ name: "a", role_descriptors: { superuser: {} } }, "[role_descriptors] must name one of [reader, writer, admin]"],
  [{ name: "a", expiration: "soon" }, "failed to parse setting [expiration] with value [soon]"],
])("%j is refused", async (request, reason) => {
  const { status, body } = await create(request);
  expect(status).toBe(400);
  expect(body.error.reason).toContain(reason);
});

test("a deletion says whose keys it means", async () => {
  expect((await rig.ask("DELETE", "/_security/api_key", { body: {}, ...admin })).status).toBe(400);
});
