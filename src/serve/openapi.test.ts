import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { alertDocument, alertRecord } from "../../test/rigs/alert-fixtures.ts";
import { createFakeDesk } from "../../test/rigs/fake-desk.ts";
import { dashboardOf, shippedOf, slotsPanel } from "../../test/rigs/panel-fixtures.ts";
import { slotDocument, slotRecord, slotStartMs } from "../../test/rigs/serve-fixtures.ts";
import { type ServeRig, startServeRig } from "../../test/rigs/serve-rig.ts";
import { operationsOf, renderApiDocs } from "./api-docs.ts";
import { openApiDocument } from "./openapi.ts";

let rig: ServeRig;

beforeAll(async () => {
  const source = { labels: () => [{ group: "home", nodes: ["n1"], validators: 1 }] };
  const shipped = shippedOf([slotsPanel("slots")], [dashboardOf("health", ["slots"])]);
  const desk = createFakeDesk({ nowMs: () => slotStartMs(100), shipped: { "late-blocks": WATCH } });
  const documents = [slotDocument(slotRecord(7)), alertDocument(ALERT)];
  rig = await startServeRig({ documents, source, shipped, desk });
  await rig.send("PUT", "/api/v1/searches/missed", SAVED_SEARCH);
});

afterAll(() => rig.close());

const document = openApiDocument();
const operations = operationsOf(document).map(({ path, method, operation }) => ({ path, method, ...operation }));
const read = operations.filter(({ method }) => method === "get");
const begun = operations.filter(({ responses }) => "202" in responses);

const ALERT = alertRecord(7);
const WATCH = { trigger: { schedule: { interval: "1m" } } };
const SAVED_SEARCH = { id: "missed", title: "Missed", index: "ethmon-slot-*" };

/** Whatever a path has in braces, as the rig knows it, and what it cannot do without. */
function pathOf({ path, parameters }: Pick<(typeof operations)[number], "path" | "parameters">): string {
  const [, kind = ""] = /^\/api\/v1\/(\w+)\//.exec(path) ?? [];
  const id = IDS[kind] ?? "slots";
  const values: Record<string, string> = { slot: "7", name: "n1", group: "home", id };
  const needed = parameters.filter((parameter) => parameter.in === "query" && parameter.required);
  const query = needed.map(({ name }) => `${name}=${SAMPLES[name]}`).join("&");
  return path.replaceAll(/\{(\w+)\}/g, (_, name: string) => values[name] ?? "") + (query === "" ? "" : `?${query}`);
}

const IDS: Readonly<Record<string, string>> = {
  dashboards: "health",
  searches: "missed",
  rules: "late-blocks",
  alerts: encodeURIComponent(ALERT.id),
};

/** Of parameters for which not any number does. */
const SAMPLES: Readonly<Record<string, string>> = {
  index: "ethmon-slot-*",
  field: "ethereum.slot",
  state: "over",
  severity: "high",
};

const withQuery = (path: string, query: string) => `${path}${path.includes("?") ? "&" : "?"}${query}`;

/** Every `$ref` anywhere in a value. */
function refsOf(value: unknown): string[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => (key === "$ref" ? [String(inner)] : refsOf(inner)));
}

describe("the OpenAPI document", () => {
  it("is served as it is made", async () => {
    expect(await rig.get("/api/v1/openapi.json")).toMatchObject({ status: 200, body: document });
  });

  it("points at nothing that it does not hold, and holds nothing that nobody points at", () => {
    const refs = new Set(refsOf(document));
    const held = Object.keys(document.components.schemas).map((name) => `#/components/schemas/${name}`);
    expect([...refs].toSorted()).toEqual(held.toSorted());
  });

  it("has one operation id a route, a sentence for each, and says of every parameter what it means", () => {
    expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(operations.length);
    for (const { path, summary, description, parameters } of operations) {
      expect({ path, summary, description }).toMatchObject({
        summary: expect.stringMatching(/\w/),
        description: expect.stringMatching(/\.$/),
      });
      const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      expect(parameters.filter((parameter) => parameter.in === "path").map(({ name }) => name)).toEqual(inPath);
      for (const parameter of parameters) expect(parameter.description).toMatch(/\.$/);
    }
  });

  it.each(begun)("describes POST $path as it is served", async ({ path, responses }) => {
    const response = await fetch(`${rig.url}${path}`, { method: "POST" });
    expect(Object.keys(responses)).toContain(String(response.status));
    expect(response.status).toBe(202);
    expect((await fetch(`${rig.url}${path}?nothing=1`, { method: "POST" })).status).toBe(400);
    const put = await fetch(`${rig.url}${path}`, { method: "PUT" });
    expect([put.status, put.headers.get("allow")]).toEqual([405, "GET, HEAD, POST"]);
  });

  it.each(read)("describes GET $path as it is served", async ({ path, parameters, responses }) => {
    const asked = pathOf({ path, parameters });
    const response = await fetch(`${rig.url}${asked}`, { method: "HEAD" });
    expect(response.status).toBe(200);
    const type = response.headers.get("content-type")?.split(";")[0];
    expect(Object.keys(responses["200"]?.content ?? {})).toEqual([type]);

    const free = parameters.filter((parameter) => parameter.in === "query" && !parameter.required);
    for (const { name } of free) {
      // A range from yesterday to 1970 is none.
      const path = withQuery(
        asked,
        name === "to" && asked.endsWith("/answer") ? "to=now" : `${name}=${SAMPLES[name] ?? 5}`,
      );
      expect({ path, status: (await fetch(`${rig.url}${path}`, { method: "HEAD" })).status }).toEqual({
        path,
        status: 200,
      });
    }
    for (const { name } of parameters.filter((parameter) => parameter.in === "query" && parameter.required)) {
      const without = await rig.get(asked.replace(new RegExp(`${name}=[^&]*&?`), ""));
      expect(without).toMatchObject({ status: 400, body: { error: { code: "parameter_invalid" } } });
    }
    const unknown = await rig.get(withQuery(asked, "nothing=1"));
    expect(unknown).toMatchObject({ status: 400, body: { error: { code: "parameter_invalid" } } });
  });

  it("says of every route that takes a body which object it is, and refuses another one", async () => {
    const taking = operations.filter(({ requestBody }) => requestBody !== undefined);
    expect(taking.map(({ operationId }) => operationId)).toEqual([
      "createSilence",
      "putRule",
      "testRule",
      "backtestRule",
      "putDashboard",
      "putPanel",
      "previewPanel",
      "putSearch",
      "search",
      "querySql",
    ]);
    for (const { path, method, parameters, requestBody } of taking) {
      expect(requestBody?.content["application/json"]?.schema.$ref).toMatch(/^#\/components\/schemas\/\w+$/);
      // A watch may be any object: it is the rules that refuse one.
      const wrong = requestBody?.content["application/json"]?.schema.$ref?.endsWith("/Watch") ? [] : { nothing: 1 };
      const sent = await rig.send(method.toUpperCase() as "PUT" | "POST", pathOf({ path, parameters }), wrong);
      expect({ path, ...sent }).toMatchObject({ status: 400, body: { error: { code: "body_invalid" } } });
    }
  });

  it("describes numbers as numbers, with their bounds and defaults", () => {
    const limit = operations
      .find(({ operationId }) => operationId === "listSlots")
      ?.parameters.find(({ name }) => name === "limit");
    expect(limit).toEqual({
      name: "limit",
      in: "query",
      required: false,
      description: "How many to answer at most.",
      schema: { type: "integer", minimum: 1, maximum: 1000, default: 64 },
    });
  });
});

describe("the page docs/api.md", () => {
  const page = renderApiDocs(document);

  it("has a section for every route and every object", () => {
    for (const { path, method } of operations) expect(page).toContain(`\n## ${method.toUpperCase()} ${path}\n`);
    for (const name of Object.keys(document.components.schemas)) expect(page).toContain(`\n## ${name}\n`);
  });

  it("links only to its own sections", () => {
    const headings = [...page.matchAll(/^##? (.+)$/gm)].map(([, heading]) => `#${heading?.toLowerCase()}`);
    for (const [, target] of page.matchAll(/\]\((#[^)]+)\)/g)) expect(headings).toContain(target);
  });

  it("says once what any route can answer, and of a route only what is its own", () => {
    expect(page.match(/host_refused/g)).toHaveLength(1);
    const ofOneSlot = operations.filter(({ path }) => path.startsWith("/api/v1/slots/{slot}"));
    expect(page.match(/slot_unknown/g)).toHaveLength(ofOneSlot.length);
    expect(page).toContain("| `limit` | query | integer 1 to 1000, default 64 | How many to answer at most. |");
    expect(page).toContain("| `blocks[].seen_ms` | object, each number |");
    expect(page).toContain("| `head.root` | string |");
    expect(page).toContain('| `reset` | `{ "reason": string }` |');
  });
});
