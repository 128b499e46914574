import { describe, expect, test } from "vitest";
import { createMemorySink } from "../../../test/rigs/memory-sink.ts";
import { deliveryOf, lateBlock, NIGHT_MS } from "../../../test/rigs/sent-alerts.ts";
import { Fault } from "../../lib/fault.ts";
import { silentLog } from "../../lib/log.ts";
import type { DeliveryContent } from "./delivery-content.ts";
import { createIndexSender } from "./index-sender.ts";
import { createLoggingSender } from "./logging-sender.ts";
import type { Sender } from "./sender.ts";

function send(by: Sender, content: DeliveryContent, told = lateBlock()) {
  const { signal } = new AbortController();
  return by.send({ delivery: deliveryOf({ told, content }), content, nowMs: NIGHT_MS, signal });
}

describe("an action `index`", () => {
  const action = { index: "found", payload: { slot: 7 } };

  test("stores its document once, however often it is sent", async () => {
    const sink = createMemorySink();
    const by = createIndexSender(sink.write);
    for (const op_type of ["index", "index", "create", "create"]) await send(by, { action: { ...action, op_type } });
    expect(sink.items).toMatchObject([{ index: "found", source: { slot: 7 } }, { action: "index" }]);
    expect(new Set(sink.items.map(({ id }) => id)).size).toBe(1);
  });

  test("says which document it is where it likes, and a second one of that name is refused", async () => {
    const sink = createMemorySink();
    const by = createIndexSender(sink.write);
    const named = { action: { ...action, doc_id: "slot-7", op_type: "create" } };
    await send(by, named);
    expect(sink.items).toMatchObject([{ id: "slot-7", action: "create" }]);
    await expect(send(by, named)).rejects.toMatchObject({ code: "delivery_refused" });
  });

  test.each([
    [429, "delivery_deferred"],
    [503, "delivery_deferred"],
    [400, "delivery_refused"],
  ])("answered with %i is %s", async (status, code) => {
    const sink = createMemorySink();
    sink.refuse = () => ({ _index: "found", _id: null, status, error: { type: "x", reason: "no" } });
    await expect(send(createIndexSender(sink.write), { action })).rejects.toMatchObject({ code });
  });

  test("waits for a store that takes nothing now", async () => {
    const sink = createMemorySink();
    sink.fail = () => new Fault("store_queue_full", "The store is full.", { retry: "retryable" });
    const sent = send(createIndexSender(sink.write), { action });
    await expect(sent).rejects.toMatchObject({ code: "delivery_unreachable", message: "The store is full." });
  });

  test("that names no index or no document is refused for good", async () => {
    const by = createIndexSender(createMemorySink().write);
    for (const wrong of [{ payload: {} }, { index: "x" }, { index: "x", payload: [1] }]) {
      await expect(send(by, { action: wrong })).rejects.toMatchObject({ code: "delivery_refused", retry: "final" });
    }
  });
});

test("an action `logging` is one line of the log, at its level", async () => {
  const lines: [string, object, string][] = [];
  const log = {
    ...silentLog,
    warn: (fields: object, sentence: string) => void lines.push(["warn", fields, sentence]),
    info: (fields: object, sentence: string) => void lines.push(["info", fields, sentence]),
  };
  const by = createLoggingSender(log);
  await send(by, { action: { text: "Slot 7\nwas late", level: "warn", category: "mine" } });
  await send(by, { action: {}, alert: lateBlock() });
  const of = { watch: "late-block", action: "email" };
  const sentence = "A watch's action was logged";
  expect(lines).toEqual([
    ["warn", { ...of, text: "Slot 7 was late", category: "mine" }, sentence],
    [
      "info",
      {
        ...of,
        text: "[high] The block of slot 12345678 came 6.2 s late",
        alert: lateBlock().id,
        stage: "new",
        severity: "high",
      },
      sentence,
    ],
  ]);
});
