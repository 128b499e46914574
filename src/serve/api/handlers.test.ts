import fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import {
  checked,
  epochDocument,
  epochRecord,
  eventDocument,
  gapDocument,
  health,
  nodeSlotDocument,
  nodeSlotRecord,
  reorgDocument,
  reorgRecord,
  rootOf,
  slotDocument,
  slotRecord,
  slotStartMs,
} from "../../../test/rigs/serve-fixtures.ts";
import { type ServeRig, type ServeRigOptions, startServeRig } from "../../../test/rigs/serve-rig.ts";
import { type ClockRecord, clockDataset } from "../../events/clock.ts";
import type { GapRecord } from "../../events/derived.ts";
import { documentOf } from "../../events/record.ts";
import { Fault } from "../../lib/fault.ts";
import type { ClockAnswer, GapsAnswer, SlotAnswer, SlotsAnswer } from "../views.ts";
import { type Disagreement, schemas, type Views } from "./schemas.ts";

let rig: ServeRig | undefined;

afterEach(async () => {
  await rig?.close();
  rig = undefined;
});

async function serve(options: ServeRigOptions): Promise<ServeRig> {
  rig = await startServeRig(options);
  return rig;
}

/** GETs an answer that must be 200 and fit its schema. */
async function answer<Name extends keyof Views>(path: string, name: Name): Promise<Views[Name]> {
  const { status, body } = (await rig?.get(path)) ?? {};
  expect({ path, status, body }).toMatchObject({ status: 200 });
  return schemas[name].parse(body) as Views[Name];
}

const gap = (node: string, fromMs: number, toMs: number): GapRecord => ({
  node,
  from_ms: fromMs,
  to_ms: toMs,
  cause: "closed",
});

const look: ClockRecord = {
  reachable: true,
  offset_ms: -3.25,
  error_ms: 8.5,
  server: "ntp.example",
  round_trip_ms: 12,
  stratum: 2,
  agreeing: 2,
  reason: null,
  loop_delay_p50_ms: 0.5,
  loop_delay_p99_ms: 4,
  loop_delay_max_ms: 20,
};

const clockDocument = (record: ClockRecord, atMs: number) =>
  documentOf({ dataset: clockDataset, record, timestampUs: atMs * 1000 });

describe("the native API", () => {
  it("has schemas that agree with the types of its answers in both directions", () => {
    const disagreements: Disagreement[] = [];
    expect(disagreements).toEqual([]);
    // Assigning the other way round fails to compile as soon as one view has what its schema refuses.
    const none: [Disagreement] extends [never] ? true : false = true;
    expect(none).toBe(true);
  });

  it("answers the slots newest first, page after page, without a loss or a repeat", async () => {
    const slots = Array.from({ length: 150 }, (_, slot) => slotRecord(slot));
    await serve({ documents: slots.map(slotDocument) });

    const seen: number[] = [];
    let before: number | null = null;
    do {
      const page: SlotsAnswer = await answer(
        `/api/v1/slots?limit=40${before === null ? "" : `&before=${before}`}`,
        "Slots",
      );
      seen.push(...page.slots.map((slot) => slot.slot));
      before = page.next_before;
    } while (before !== null);
    expect(seen).toEqual(slots.map((slot) => slot.slot).reverse());
  });

  it("answers 64 slots unless told otherwise, exactly as they were measured", async () => {
    const slots = Array.from({ length: 70 }, (_, slot) => slotRecord(slot));
    const odd = slotRecord(70, {
      status: "missed",
      block_root: null,
      parent_root: null,
      delay_ms: null,
      spread_ms: null,
      seen_ms: {},
      blocks: [],
    });
    await serve({ documents: [...slots, odd].map(slotDocument) });

    const page = await answer("/api/v1/slots", "Slots");
    expect(page.slots).toHaveLength(64);
    expect(page.slots[0]).toEqual(odd);
    expect(page.slots[1]).toEqual(slots[69]);
    expect(page.next_before).toBe(7);
  });

  it("keeps gaps that began at one moment on one page", async () => {
    const atRestart = slotStartMs(3) + 0.125;
    const gaps = [
      gap("n1", slotStartMs(5), slotStartMs(6)),
      ...["n1", "n2", "n3"].map((node) => gap(node, atRestart, slotStartMs(4))),
      gap("n1", slotStartMs(1), slotStartMs(2)),
    ];
    await serve({ documents: gaps.toReversed().map(gapDocument) });

    const first = await answer("/api/v1/gaps?limit=2", "Gaps");
    expect(first).toEqual({ gaps: gaps.slice(0, 4), next_before: atRestart });
    const second = await answer(`/api/v1/gaps?limit=2&before=${first.next_before}`, "Gaps");
    expect(second).toEqual({ gaps: gaps.slice(4), next_before: null });
  });

  it("loses and repeats no gap whatever the length of a page and however many began at once", async () => {
    const [random] = fc.sample(
      fc.array(fc.record({ node: fc.constantFrom("n1", "n2", "n3", "n4"), moment: fc.nat({ max: 9 }) }), {
        minLength: 40,
        maxLength: 60,
      }),
      { numRuns: 1, seed: 3 },
    );
    const gaps = (random ?? []).map(({ node, moment }) => gap(node, slotStartMs(moment) + 0.001, slotStartMs(20)));
    await serve({ documents: gaps.map(gapDocument) });
    const newestFirst = gaps.toSorted((a, b) => b.from_ms - a.from_ms || (a.node < b.node ? -1 : 1));

    for (const limit of [1, 2, 3, 7, 59, 60, 1000]) {
      const seen: GapRecord[] = [];
      let before: number | null = null;
      do {
        const page: GapsAnswer = await answer(
          `/api/v1/gaps?limit=${limit}${before === null ? "" : `&before=${before}`}`,
          "Gaps",
        );
        seen.push(...page.gaps);
        before = page.next_before;
      } while (before !== null);
      expect({ limit, seen }).toEqual({ limit, seen: newestFirst });
    }
  });

  it("answers epochs, and reorgs without those that were withdrawn", async () => {
    const reorgs = [
      reorgRecord(40),
      reorgRecord(30, { withdrawn: true, id: rootOf("none") }),
      reorgRecord(20, { id: rootOf("deep") }),
    ];
    await serve({ documents: [...[0, 1, 2].map((n) => epochDocument(epochRecord(n))), ...reorgs.map(reorgDocument)] });

    expect(await answer("/api/v1/reorgs", "Reorgs")).toEqual({ reorgs: [reorgs[0], reorgs[2]], next_before: null });
    expect(await answer("/api/v1/epochs?limit=2", "Epochs")).toEqual({
      epochs: [epochRecord(2), epochRecord(1)],
      next_before: 1,
    });
  });

  it("answers everything known of one slot and nothing of its neighbours", async () => {
    const touching = [
      gap("n1", slotStartMs(49), slotStartMs(50)),
      gap("n2", slotStartMs(50) + 11_999.999, slotStartMs(60)),
    ];
    const reorg = reorgRecord(51);
    const documents = [
      ...[49, 50, 51].map((slot) => slotDocument(slotRecord(slot))),
      ...[49, 50, 51].flatMap((slot) => ["n2", "n1"].map((node) => nodeSlotDocument(nodeSlotRecord(slot, node)))),
      ...touching.map(gapDocument),
      gapDocument(gap("n1", slotStartMs(40), slotStartMs(49))),
      gapDocument(gap("n1", slotStartMs(51), slotStartMs(52))),
      reorgDocument(reorg),
      reorgDocument(reorgRecord(49)),
      eventDocument({
        topic: "block",
        node: "n2",
        slot: 50,
        delayMs: 900.25,
        echo: true,
        fields: { "ethereum.block.root": rootOf("50"), "ethereum.execution_optimistic": false, "event.original": "{}" },
      }),
      eventDocument({
        topic: "head",
        node: "n1",
        slot: 50,
        delayMs: -3.5,
        fields: { "ethereum.block.root": rootOf("50"), "ethereum.epoch_transition": false },
      }),
      eventDocument({ topic: "head", node: "n1", slot: 51, delayMs: 1, fields: {} }),
      eventDocument({ topic: "single_attestation", node: "n1", slot: 50, delayMs: 4000, fields: {} }),
    ];
    await serve({ documents });

    const detail: SlotAnswer = await answer("/api/v1/slots/50", "SlotDetail");
    expect(detail.slot).toEqual(slotRecord(50));
    expect(detail.node_slots).toEqual([nodeSlotRecord(50, "n1"), nodeSlotRecord(50, "n2")]);
    expect(detail.gaps).toEqual(touching);
    expect(detail.reorgs).toEqual([reorg]);
    expect(detail.events).toEqual([
      {
        node: "n1",
        topic: "head",
        received_ms: slotStartMs(50) - 3.5,
        delay_ms: -3.5,
        echo: false,
        fields: { "ethereum.block.root": rootOf("50"), "ethereum.epoch_transition": false },
      },
      {
        node: "n2",
        topic: "block",
        received_ms: slotStartMs(50) + 900.25,
        delay_ms: 900.25,
        echo: true,
        fields: { "ethereum.block.root": rootOf("50"), "ethereum.execution_optimistic": false },
      },
    ]);
  });

  it.each([
    ["101", "Slot 101 has not begun: it starts at 2026-11-22T10:20:12.000Z.", false],
    ["99", "Nothing is stored of slot 99 yet.", true],
    ["50", "Nothing is stored of slot 50: it was not watched.", false],
    ["-1", "There is no slot before genesis, which is slot 0: -1 was asked for.", false],
    ["9007199254740991", "Slot 9007199254740991 has not begun: it starts after the year 9999.", false],
  ])("says of slot %s why there is nothing", async (slot, message, retry) => {
    const { get } = await serve({ documents: [] });
    const { status, body } = await get(`/api/v1/slots/${slot}`);
    expect(schemas.Error.parse(body)).toEqual({ error: { code: "slot_unknown", message, retry } });
    expect(status).toBe(404);
  });

  it("answers the nodes, one of them by name, and names them all for one it does not know", async () => {
    const { get } = await serve({});
    const { nodes } = await answer("/api/v1/nodes", "Nodes");
    expect(nodes.map((node) => node.name)).toEqual(["n1", "n2"]);
    expect(await answer("/api/v1/nodes/n2", "Node")).toEqual(nodes[1]);
    const { status, body } = await get("/api/v1/nodes/n3");
    expect({ status, body }).toMatchObject({
      status: 404,
      body: { error: { code: "node_unknown", message: "There is no node of this name; the nodes are n1, n2." } },
    });
  });

  it("answers the network, and that none is known before a node has told it", async () => {
    await serve({});
    expect((await answer("/api/v1/network", "Network")).name).toBe("testnet");
    await rig?.close();
    const { get } = await serve({ source: { network: () => undefined } });
    for (const path of ["/api/v1/network", "/api/v1/slots", "/api/v1/slots/1", "/api/v1/gaps"]) {
      const { status, headers, body } = await get(path);
      expect(status).toBe(503);
      expect(headers.get("retry-after")).toBe("1");
      expect(body).toMatchObject({ error: { code: "network_unknown", retry: true } });
    }
  });

  it.each([
    ["ok", 200],
    ["degraded", 200],
    ["failing", 503],
  ] as const)("answers a health that is %s with status %d", async (status, expected) => {
    const reasons = status === "ok" ? [] : [{ code: "node_down", sentence: "n1 does not answer.", node: "n1" }];
    const { get } = await serve({ source: { health: () => ({ ...health, status, reasons }) } });
    const response = await get("/api/v1/health");
    expect(response.status).toBe(expected);
    expect(schemas.Health.parse(response.body)).toMatchObject({ status, reasons });
  });

  it.each([
    ["/api/v1/slots?limit=0", 'The query parameter "limit" must be a whole number from 1 to 1000, not "0".'],
    ["/api/v1/slots?limit=1001", 'The query parameter "limit" must be a whole number from 1 to 1000, not "1001".'],
    ["/api/v1/slots?limit=", 'The query parameter "limit" must be a whole number from 1 to 1000, not "".'],
    ["/api/v1/slots?limit=1e2", 'The query parameter "limit" must be a whole number from 1 to 1000, not "1e2".'],
    [
      "/api/v1/slots?limit=5&limit=6",
      'The query parameter "limit" must be a whole number from 1 to 1000, not ["5","6"].',
    ],
    ["/api/v1/epochs?before=-1", 'The query parameter "before" must be a whole number from 0 on, not "-1".'],
    ["/api/v1/gaps?before=now", 'The query parameter "before" must be a time in Unix milliseconds, not "now".'],
    ["/api/v1/slots?after=5", 'There is no query parameter "after" here: allowed are limit and before.'],
    ["/api/v1/nodes?limit=5", 'There is no query parameter "limit" here: this route takes none.'],
    ["/api/v1/slots/head", 'The path parameter "slot" must be a whole number, not "head".'],
    [
      "/api/v1/slots/99999999999999999999",
      'The path parameter "slot" must be a whole number, not "99999999999999999999".',
    ],
  ])("refuses %s and says what is allowed", async (path, message) => {
    const { get } = await serve({});
    const { status, body } = await get(path);
    expect({ status, body }).toEqual({
      status: 400,
      body: { error: { code: "parameter_invalid", message, retry: false } },
    });
  });

  it("passes on what the store says when it cannot answer", async () => {
    const faults = [
      new Fault("store_unavailable", "The database is locked by process 7.", { retry: "retryable" }),
      new Fault("search_unsupported", "No such clause.", { details: { status: 400 } }),
      new Error("a secret of the implementation"),
    ];
    const { get } = await serve({
      store: {
        search: () => Promise.reject(faults.shift()),
        state: () => ({ state: "unavailable", journaled: 0, loaded: 0, queued: 0, dropped: 0, rows: 0 }),
      },
    });
    const unavailable = await get("/api/v1/slots");
    expect(unavailable.status).toBe(503);
    expect(unavailable.headers.get("retry-after")).toBe("1");
    expect(unavailable.body).toEqual({
      error: { code: "store_unavailable", message: "The database is locked by process 7.", retry: true },
    });
    expect(await get("/api/v1/slots")).toMatchObject({ status: 400, body: { error: { code: "search_unsupported" } } });
    const internal = await get("/api/v1/slots");
    expect(internal.status).toBe(500);
    expect(JSON.stringify(internal.body)).not.toContain("secret");
  });

  it("aborts the store's work when the client goes away", async () => {
    const aborted = Promise.withResolvers<void>();
    const started = Promise.withResolvers<void>();
    const { url } = await serve({
      store: {
        search: (_pattern, _request, { signal } = {}) => {
          started.resolve();
          signal?.addEventListener("abort", () => aborted.resolve());
          return aborted.promise.then(() => Promise.reject(signal?.reason));
        },
        state: () => ({ state: "ready", journaled: 0, loaded: 0, queued: 0, dropped: 0, rows: 0 }),
      },
    });
    const client = new AbortController();
    const request = fetch(`${url}/api/v1/slots`, { signal: client.signal }).catch((error: unknown) => error);
    await started.promise;
    client.abort();
    await request;
    await aborted.promise;
  });

  it("answers the looks at the clock newest first, page after page, each with its moment", async () => {
    const looks = Array.from({ length: 25 }, (_, index) => ({ ...look, at_ms: slotStartMs(index) + 0.125 }));
    await serve({ documents: looks.map(({ at_ms, ...record }) => clockDocument(record, at_ms)) });
    const seen: unknown[] = [];
    let before: number | null = null;
    do {
      const page: ClockAnswer = await answer(
        `/api/v1/clock?limit=10${before === null ? "" : `&before=${before}`}`,
        "Clock",
      );
      seen.push(...page.looks);
      before = page.next_before;
    } while (before !== null);
    expect(seen).toEqual(looks.toReversed());
  });

  it("answers the last check, and begins one by POST alone", async () => {
    let begun = 0;
    await serve({
      source: {
        beginCheck: () => {
          begun += 1;
          return { ...checked, running_since_ms: 1 };
        },
      },
    });
    expect(await answer("/api/v1/check", "Check")).toEqual(checked);
    expect(begun).toBe(0);
    const posted = await fetch(`${rig?.url}/api/v1/check`, { method: "POST" });
    expect([posted.status, posted.headers.get("cache-control")]).toEqual([202, "no-store"]);
    expect(schemas.Check.parse(await posted.json())).toMatchObject({ running_since_ms: 1 });
    expect(begun).toBe(1);
  });
});
