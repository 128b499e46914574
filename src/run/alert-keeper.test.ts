import { expect, test } from "vitest";
import { until } from "../../test/rigs/until.ts";
import type { Document, Storable } from "../events/document.ts";
import { silentLog } from "../lib/log.ts";
import { createAlertKeeper } from "./alert-keeper.ts";

const documentOf = (dataset: string, id: string): Document => ({ dataset, id, timestampUs: 1, fields: {} });

function createRig() {
  const stored: string[] = [];
  let refusing = false;
  const store = {
    append(documents: readonly Storable[]): Promise<void> {
      if (refusing) return Promise.reject(new Error("full"));
      stored.push(...(documents as readonly Document[]).map(({ dataset, id }) => `${dataset}/${id}`));
      return Promise.resolve();
    },
  };
  const keeper = createAlertKeeper({ store, log: silentLog, signal: new AbortController().signal, againMs: 5 });
  return {
    keeper,
    stored,
    refuse(on: boolean) {
      refusing = on;
    },
  };
}

test("what is decided is durable before it is sent", async () => {
  const { keeper, stored } = createRig();
  const sentAt: number[] = [];
  const delivery = { id: "d" } as never;
  keeper.keep({ documents: [documentOf("alert", "a")], deliveries: [delivery], alerts: [] }, () =>
    sentAt.push(stored.length),
  );
  await keeper.idle();
  expect(sentAt).toEqual([1]);
});

test("what the store refuses is sent all the same, and kept in its order once the store takes it again", async () => {
  const { keeper, stored, refuse } = createRig();
  refuse(true);
  let sent = 0;
  const decisionOf = (id: string) => ({
    documents: [documentOf("alert", id), documentOf("delivery", id)],
    deliveries: [{ id } as never],
    alerts: [],
  });
  keeper.keep(decisionOf("1"), () => {
    sent += 1;
  });
  await keeper.idle();
  keeper.keep(decisionOf("2"), () => {
    sent += 1;
  });
  keeper.put(documentOf("alert", "1"));
  await keeper.idle();
  expect([sent, keeper.counts()]).toEqual([2, { waiting: 3, dropped: 0 }]);
  refuse(false);
  await until("all of it is kept", () => keeper.counts().waiting === 0);
  // Messages say themselves what became of them.
  expect(stored).toEqual(["alert/1", "alert/2", "alert/1"]);
});

test("only so much waits", async () => {
  const { keeper, refuse } = createRig();
  refuse(true);
  for (let i = 0; i < 1_003; i += 1) keeper.put(documentOf("alert", String(i)));
  await keeper.idle();
  expect(keeper.counts()).toEqual({ waiting: 1_000, dropped: 3 });
});
