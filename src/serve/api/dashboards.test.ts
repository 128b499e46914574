import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ForeignDocuments } from "../../../test/rigs/foreign-documents.ts";
import { dashboardOf, shippedOf, slotsPanel } from "../../../test/rigs/panel-fixtures.ts";
import { slotDocument, slotRecord, slotStartMs } from "../../../test/rigs/serve-fixtures.ts";
import { type ServeRig, startServeRig } from "../../../test/rigs/serve-rig.ts";
import { exploreRequest } from "../../../web/src/lib/explore-request.ts";
import { exploreOf } from "../../../web/src/lib/explore-state.ts";
import type { PanelResult, SavedSearch } from "../dashboards-view.ts";

let rig: ServeRig;

const SHIPPED = shippedOf(
  [slotsPanel("slots"), slotsPanel("unread", { title: "Unread" })],
  [dashboardOf("health", ["slots"])],
);

/** One index has a time, the other has none. */
const FOREIGN: readonly ForeignDocuments[] = [
  {
    index: "timed",
    kind: "index",
    documents: [
      { "@timestamp": new Date(slotStartMs(90)).toISOString(), word: "red", other: "blue", note: "" },
      { "@timestamp": new Date(slotStartMs(91)).toISOString(), word: "red", other: "green", note: "x" },
    ],
  },
  { index: "timeless", kind: "index", documents: [{ word: "red" }, { word: "blue" }] },
];

beforeAll(async () => {
  const slots = Array.from({ length: 100 }, (_, slot) => slotRecord(slot, slot % 10 === 0 ? { status: "missed" } : {}));
  const source = { labels: () => [{ group: "home", nodes: ["n1"], validators: 1 }] };
  rig = await startServeRig({ documents: slots.map(slotDocument), foreign: FOREIGN, shipped: SHIPPED, source });
});

afterAll(() => rig.close());

const refusal = (code: string, words: string | RegExp = /./) => ({
  error: { code, message: expect.stringMatching(words), retry: expect.any(Boolean) },
});

describe("saved panels, dashboards and searches", () => {
  it("stand beside the shipped ones, are read as they were saved, replaced, and gone once they are deleted", async () => {
    const panel = slotsPanel("mine", {
      request: {
        index: "ethmon-slot-{network}",
        body: {
          size: 0,
          aggs: { over: { date_histogram: { field: "@timestamp", fixed_interval: { "%autointerval%": true } } } },
        },
      },
      view: {
        kind: "vega-lite",
        property: "aggregations.over.buckets",
        spec: { "a.b": [1, null, { "": 1.5 }], mark: {}, "<script>": "\u0000 ünïcode 🦓", deep: { "x.y": [] } },
      },
    });
    expect(await rig.send("PUT", "/api/v1/panels/mine", panel)).toEqual({
      status: 200,
      body: { panel, origin: "saved" },
    });
    const dashboard = dashboardOf("home", ["mine", "slots", "mine"]);
    expect(await rig.send("PUT", "/api/v1/dashboards/home", dashboard)).toEqual({
      status: 200,
      body: { dashboard, panels: [panel, slotsPanel("slots")], origin: "saved" },
    });

    expect((await rig.get("/api/v1/panels/mine")).body).toEqual({ panel, origin: "saved" });
    expect((await rig.get("/api/v1/dashboards/home")).body).toEqual({
      dashboard,
      panels: [panel, slotsPanel("slots")],
      origin: "saved",
    });
    expect((await rig.get("/api/v1/panels")).body).toMatchObject({
      panels: [
        { id: "slots", origin: "shipped", kind: "table", index: "ethmon-slot-{network}" },
        { id: "unread", origin: "shipped" },
        { id: "mine", origin: "saved", kind: "vega-lite", index: "ethmon-slot-{network}" },
      ],
    });
    expect((await rig.get("/api/v1/dashboards")).body).toEqual({
      dashboards: [
        { id: "health", title: "Dashboard health", description: "Some panels.", origin: "shipped", panels: 1 },
        { id: "home", title: "Dashboard home", description: "Some panels.", origin: "saved", panels: 2 },
      ],
    });

    expect(await rig.send("DELETE", "/api/v1/panels/mine")).toMatchObject({
      status: 409,
      body: refusal("object_in_use", /stands on home/),
    });
    await rig.send("PUT", "/api/v1/dashboards/home", dashboardOf("home", ["slots"], { title: "Without it" }));
    expect((await rig.get("/api/v1/dashboards/home")).body).toMatchObject({
      dashboard: { title: "Without it" },
      panels: [{ id: "slots" }],
    });
    for (const path of ["/api/v1/panels/mine", "/api/v1/dashboards/home"]) {
      expect((await rig.send("DELETE", path)).status).toBe(200);
      expect((await rig.get(path)).status).toBe(404);
      expect((await rig.send("DELETE", path)).status).toBe(404);
    }
    expect((await rig.get("/api/v1/panels")).body).toMatchObject({ panels: [{ id: "slots" }, { id: "unread" }] });
  });

  it("stay whole when several change them at once: a panel is on the dashboard or gone, and is deleted once", async () => {
    for (let round = 0; round < 5; round++) {
      await rig.send("PUT", "/api/v1/panels/shaky", slotsPanel("shaky"));
      const put = () => rig.send("PUT", "/api/v1/dashboards/shaky", dashboardOf("shaky", ["shaky"]));
      const remove = () => rig.send("DELETE", "/api/v1/panels/shaky");
      const [first, second] = round % 2 === 0 ? [put, remove] : [remove, put];
      const statuses = (await Promise.all([first(), second()])).map(({ status }) => status);
      expect(statuses.toSorted()).toEqual([200, expect.toBeOneOf([404, 409])]);
      if ((await rig.get("/api/v1/dashboards/shaky")).status === 200) {
        expect((await rig.get("/api/v1/panels/shaky")).status).toBe(200);
        await rig.send("DELETE", "/api/v1/dashboards/shaky");
        const twice = (await Promise.all([remove(), remove()])).map(({ status }) => status);
        expect(twice.toSorted()).toEqual([200, 404]);
      }
      expect((await rig.get("/api/v1/panels/shaky")).status).toBe(404);
    }
  });

  it("keep searches, and tell what one finds", async () => {
    const search = {
      id: "missed",
      title: "Missed slots",
      description: "",
      index: "ethmon-slot-*",
      query_string: "ethereum.slot:>=50",
      filters: [
        { field: "ethereum.status", value: "missed", negate: false },
        { field: "ethereum.slot", value: 70, negate: true },
      ],
      columns: ["ethereum.slot"],
      sort: { field: "ethereum.slot", order: "asc" },
      time: { from: "now-1h", to: "now" },
    };
    expect(await rig.send("PUT", "/api/v1/searches/missed", search)).toEqual({ status: 200, body: { search } });
    expect((await rig.get("/api/v1/searches")).body).toEqual({
      searches: [{ id: "missed", title: "Missed slots", description: "", index: "ethmon-slot-*" }],
    });
    const { status, body } = await rig.get("/api/v1/searches/missed/answer");
    expect(status).toBe(200);
    const { answer, from_ms, to_ms } = body as { answer: Answer; from_ms: number; to_ms: number };
    expect([from_ms, to_ms]).toEqual([slotStartMs(100) - 3_600_000, slotStartMs(100)]);
    expect(answer.hits.hits.map(({ _source }) => _source.ethereum.slot)).toEqual([50, 60, 80, 90]);
    const counts = answer.aggregations.over_time.buckets.map(({ doc_count }) => doc_count);
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(4);
    expect((await rig.send("DELETE", "/api/v1/searches/missed")).body).toEqual({ id: "missed" });
    expect((await rig.get("/api/v1/searches/missed/answer")).body).toEqual(refusal("saved_search_unknown"));
  });

  it.each([
    ["words, all of which are meant", "timed", { query_string: "word:red other:blue" }, 1],
    ["an empty value", "timed", { filters: [{ field: "note", value: "", negate: false }] }, 1],
    ["an index without a time", "timeless", {}, 2],
    ["an order by what an index lacks", "timed,timeless", { sort: { field: "other", order: "asc" } }, 2],
    ["a pattern that matches nothing", "nothing-*", {}, 0],
  ] satisfies [string, string, Partial<SavedSearch>, number][])(
    "find what the page Explore finds with the same search: %s",
    async (_, index, more, count) => {
      const usual = { query_string: "", filters: [], columns: [], sort: null, time: { from: "now-1h", to: "now" } };
      const search = { id: "same", title: "Same", description: "", index, ...usual, ...more };
      expect((await rig.send("PUT", "/api/v1/searches/same", search)).status).toBe(200);
      const { status, body } = await rig.get("/api/v1/searches/same/answer");
      const found = body as PanelResult & { answer: Answer };
      expect([status, found.answer.hits.hits.length]).toEqual([200, count]);

      const page = exploreRequest({
        state: exploreOf(search),
        timeField: index === "timeless" ? undefined : "@timestamp",
        time: { fromMs: found.from_ms, toMs: found.to_ms },
      });
      expect(found.request.body).toEqual(page);
      if (count === 0) return;
      const asked = await rig.send("POST", "/api/v1/search", { index, body: page });
      expect((asked.body as Answer).hits.hits).toEqual(found.answer.hits.hits);
    },
  );

  it("never take the place of what comes with the program", async () => {
    const panel = { ...slotsPanel("slots"), title: "Mine" };
    const dashboard = dashboardOf("health", ["slots"]);
    for (const [method, path, body] of [
      ["PUT", "/api/v1/panels/slots", panel],
      ["DELETE", "/api/v1/panels/slots", undefined],
      ["PUT", "/api/v1/dashboards/health", dashboard],
      ["DELETE", "/api/v1/dashboards/health", undefined],
    ] as const) {
      expect(await rig.send(method, path, body)).toEqual({
        status: 409,
        body: refusal("object_shipped", /comes with the program: save yours under another id/),
      });
    }
    expect((await rig.get("/api/v1/panels/slots")).body).toMatchObject({ panel: { title: "Slots" } });
  });

  it.each([
    ["an unknown part", { ...slotsPanel("bad"), colour: "red" }, /Unrecognized key: "colour"/],
    ["an id that is not the path's", slotsPanel("other"), /its id is 'other' and the path's 'bad'/],
    ["a title that is missing", { ...slotsPanel("bad"), title: undefined }, /title: /],
    ["a view of no kind", { ...slotsPanel("bad"), view: { kind: "pie" } }, /view/],
    ["no object", [1], /expected object/],
    ["nothing", null, /expected object/],
  ])("are refused with %s", async (_, body, words) => {
    expect(await rig.send("PUT", "/api/v1/panels/bad", body)).toEqual({
      status: 400,
      body: refusal("body_invalid", words),
    });
    expect((await rig.get("/api/v1/panels/bad")).status).toBe(404);
  });

  it("are refused without JSON, with too much of it, with an id that is none, and with panels that are not there", async () => {
    const put = (body: string, headers: Record<string, string> = { "content-type": "application/json" }) =>
      fetch(`${rig.url}/api/v1/panels/bad`, { method: "PUT", body, headers });
    const codeOf = async (response: Response) => [
      response.status,
      ((await response.json()) as { error: { code: string } }).error.code,
    ];
    expect(await codeOf(await put("{"))).toEqual([400, "request_malformed"]);
    expect(await codeOf(await put('{"__proto__":1}'))).toEqual([400, "request_malformed"]);
    expect(await codeOf(await put(""))).toEqual([400, "request_malformed"]);
    expect(await codeOf(await put("a=b", { "content-type": "application/x-www-form-urlencoded" }))).toEqual([
      415,
      "request_malformed",
    ]);
    expect(await codeOf(await put("{}", { "content-type": "text/plain" }))).toEqual([415, "request_malformed"]);
    expect(await codeOf(await put(JSON.stringify({ id: "x".repeat(300_000) })))).toEqual([413, "body_too_large"]);
    const endless = new ReadableStream({
      pull: (stream) => stream.enqueue(new TextEncoder().encode(" ".repeat(65_536))),
    });
    const streamed = fetch(`${rig.url}/api/v1/panels/bad`, {
      method: "PUT",
      body: endless,
      duplex: "half",
      headers: { "content-type": "application/json" },
    } as RequestInit).then(codeOf, () => "hung up");
    expect([[413, "body_too_large"].join(), "hung up"]).toContain(String(await streamed));

    expect(await rig.send("PUT", "/api/v1/panels/Bad.Id", slotsPanel("bad"))).toMatchObject({
      status: 400,
      body: refusal("parameter_invalid", /lower-case words/),
    });
    expect(await rig.send("PUT", "/api/v1/dashboards/bad", dashboardOf("bad", ["slots", "nowhere"]))).toMatchObject({
      status: 404,
      body: refusal("panel_unknown", /'nowhere'/),
    });
  });

  it("are not taken from a page of another origin, by whatever method", async () => {
    for (const [method, path] of [
      ["POST", "/api/v1/search"],
      ["PUT", "/api/v1/panels/evil"],
      ["DELETE", "/api/v1/panels/slots"],
    ] as const) {
      for (const type of ["application/json", "text/plain", "application/x-www-form-urlencoded"]) {
        const response = await fetch(`${rig.url}${path}`, {
          method,
          headers: { origin: "https://evil.example", "content-type": type },
          body: JSON.stringify(slotsPanel("evil")),
        });
        expect([response.status, await response.json()]).toEqual([403, refusal("origin_refused")]);
      }
    }
    expect((await rig.get("/api/v1/panels/evil")).status).toBe(404);
  });
});

type Answer = {
  hits: { total: { value: number }; hits: { _source: { ethereum: { slot: number } } }[] };
  aggregations: {
    over_time: { buckets: { doc_count: number }[] };
    status: { buckets: { key: string; doc_count: number }[] };
  };
};

describe("a panel's answer", () => {
  it("is that of its request within the range and what is chosen, with the chain's parameters", async () => {
    const to = slotStartMs(50);
    const { status, body } = await rig.get(`/api/v1/panels/slots/answer?from=${slotStartMs(20)}&to=${to}`);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      request: { index: "ethmon-slot-testnet", body: { size: 0 } },
      from_ms: slotStartMs(20),
      to_ms: to,
      network: "testnet",
      chain: {
        slot_ms: 12_000,
        genesis_ms: slotStartMs(0),
        slots_per_epoch: 32,
        attestation_due_ms: 4000,
        aggregate_due_ms: 8000,
      },
    });
    expect((body as { answer: Answer }).answer.aggregations.status.buckets).toEqual([
      expect.objectContaining({ key: "proposed", doc_count: 27 }),
      expect.objectContaining({ key: "missed", doc_count: 3 }),
    ]);
  });

  it("narrows by what is chosen where the panel maps it, one value or several", async () => {
    const panel = slotsPanel("by-status", { variables: { client: "ethereum.status" } });
    await rig.send("PUT", "/api/v1/panels/by-status", panel);
    const buckets = async (query: string) => {
      const { body } = await rig.get(`/api/v1/panels/by-status/answer?from=${slotStartMs(0)}${query}`);
      return (body as { answer: Answer }).answer.aggregations.status.buckets.map(({ key }) => key);
    };
    expect(await buckets("")).toEqual(["proposed", "missed"]);
    expect(await buckets("&client=missed")).toEqual(["missed"]);
    expect(await buckets("&client=missed&client=proposed&node=n1")).toEqual(["proposed", "missed"]);
    expect(await buckets("&client=teku")).toEqual([]);
  });

  it("is given for a panel that is not saved, too, and the same", async () => {
    const time = { from: new Date(slotStartMs(20)).toISOString(), to: new Date(slotStartMs(50)).toISOString() };
    const preview = await rig.send("POST", "/api/v1/panels/answer", { panel: slotsPanel("never-saved"), time });
    const saved = await rig.get(`/api/v1/panels/slots/answer?from=${time.from}&to=${time.to}`);
    const answerOf = (body: unknown) => (body as { answer: Answer }).answer.aggregations;
    expect(preview.status).toBe(200);
    expect(answerOf(preview.body)).toEqual(answerOf(saved.body));
    expect((await rig.get("/api/v1/panels/never-saved")).status).toBe(404);
  });

  it.each([
    ["an unknown panel", "/api/v1/panels/nothing/answer", 404, "panel_unknown"],
    ["a moment that is none", "/api/v1/panels/slots/answer?from=yesterday", 400, "parameter_invalid"],
    ["a range that ends before it begins", "/api/v1/panels/slots/answer?from=now&to=now-1h", 400, "time_range_invalid"],
    ["an unknown parameter", "/api/v1/panels/slots/answer?fork=fulu", 400, "parameter_invalid"],
    ["a value that is too long", `/api/v1/panels/slots/answer?node=${"x".repeat(300)}`, 400, "parameter_invalid"],
  ])("is refused for %s", async (_, path, status, code) => {
    expect(await rig.get(path)).toMatchObject({ status, body: refusal(code) });
  });

  it.each([
    ["a query that there is not", { query: { nonsense: {} } }, "search_invalid", /nonsense/],
    ["a part that the store lacks", { suggest: {} }, "search_unsupported", /suggest/],
    [
      "a placeholder that cannot be filled",
      { size: { "%autointerval%": "wide" } },
      "panel_placeholder",
      /autointerval/,
    ],
    ["too many documents", { size: 20_000 }, "search_invalid", /10000/],
  ])("says what is wrong with %s", async (_, body, code, words) => {
    const panel = slotsPanel("wrong", { request: { index: "ethmon-slot-{network}", body } });
    const time = { from: "now-1h", to: "now" };
    expect(await rig.send("POST", "/api/v1/panels/answer", { panel, time })).toMatchObject({
      status: 400,
      body: refusal(code, words),
    });
  });

  it("holds nothing where no index fits, and no error", async () => {
    const time = { from: "now-1h", to: "now" };
    for (const index of ["metrics-system.cpu-*", "nothing-at-all", "ethmon-slot-othernet"]) {
      const panel = slotsPanel("empty", { request: { index, body: { size: 0 } } });
      const { status, body } = await rig.send("POST", "/api/v1/panels/answer", { panel, time });
      expect({ index, status, body }).toMatchObject({
        status: 200,
        body: { answer: { hits: { total: { value: 0 } } } },
      });
    }
  });
});

describe("what dashboards are chosen by", () => {
  it("are the network, nodes, clients and groups", async () => {
    expect((await rig.get("/api/v1/variables")).body).toEqual({
      network: ["testnet"],
      node: [
        { name: "n1", client: "lodestar" },
        { name: "n2", client: "lodestar" },
      ],
      client: ["lodestar"],
      group: ["home"],
    });
    expect((await rig.get("/api/v1/mode")).body).toMatchObject({ public: false, writes: true });
  });
});
