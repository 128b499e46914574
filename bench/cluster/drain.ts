import { sleep } from "../../src/lib/sleep.ts";
import { createClient } from "../search/client.ts";
import { DAY_MS, type Day } from "../search/documents/day.ts";
import { mixedDocument } from "../search/documents/mix.ts";
import { TEMPLATES } from "../search/templates.ts";
import type { Rig } from "./rig.ts";

/** What a journal that had waited took to get into the cluster. */
export type Drained = {
  documents: number;
  seconds: number;
  documentsASecond: number;
  bulkRequests: number;
  bytesADocumentSent: number;
  cpuUsADocument: { monitor: number; engine: number };
};

const ASK_EVERY_MS = 50;
const BATCH = 1_600;

/** Opens the gate and waits until the journal is in the cluster, from the first `_bulk` that was answered on. */
export async function drain(rig: Rig, signal: AbortSignal): Promise<Drained> {
  const { journaled, loaded } = await rig.health();
  const before = rig.usage();
  const passed = rig.gate.passed();
  const first = rig.gate.nextBulk();
  rig.gate.open();
  await first;
  const startedMs = performance.now();
  for (let { loaded: now } = await rig.health(); now < journaled; { loaded: now } = await rig.health()) {
    signal.throwIfAborted();
    await sleep(ASK_EVERY_MS);
  }
  const seconds = (performance.now() - startedMs) / 1000;
  const after = rig.usage();
  const { bulkRequests, bulkBytes } = rig.gate.passed();
  const documents = journaled - loaded;
  const us = (from: number, to: number) => Math.round(((to - from) * 1e6) / documents);
  return {
    documents,
    seconds: rounded(seconds),
    documentsASecond: Math.round(documents / seconds),
    bulkRequests: bulkRequests - passed.bulkRequests,
    bytesADocumentSent: Math.round((bulkBytes - passed.bulkBytes) / documents),
    cpuUsADocument: {
      monitor: us(before.monitor.cpuSeconds, after.monitor.cpuSeconds),
      engine: us(before.engine.cpuSeconds, after.engine.cpuSeconds),
    },
  };
}

/**
 * Gives the program documents of Beats and of the chain, the mix of `bench search`: a few while the cluster is there,
 * for their indices, and `count` while it is away.
 */
export async function giveOthers(rig: Rig, { count, signal }: { count: number; signal: AbortSignal }): Promise<void> {
  const client = createClient(rig.elasticUrl);
  const endMs = Math.floor((performance.timeOrigin + performance.now()) / 1000) * 1000;
  const day: Day = { startMs: endMs - DAY_MS, endMs, documents: count + BATCH, seed: 1 };
  const send = async (from: number, to: number) => {
    let body = "";
    for (let number = from; number < to; number += 1) {
      const { index, source } = mixedDocument(day, number);
      body += `{"create":{"_index":"${index}"}}\n${JSON.stringify(source)}\n`;
    }
    const answer = await client.ask("POST", "/_bulk?filter_path=errors,items.*.error", body);
    if (answer.includes('"errors":true')) throw new Error(`The program refused: ${answer.slice(0, 500)}`);
  };
  try {
    for (const [name, template] of Object.entries(TEMPLATES)) {
      await client.ask("PUT", `/_index_template/${name}`, JSON.stringify(template));
    }
    await send(0, BATCH);
    for (
      let { journaled, loaded } = await rig.health();
      loaded < journaled;
      { journaled, loaded } = await rig.health()
    ) {
      signal.throwIfAborted();
      await sleep(ASK_EVERY_MS);
    }
    rig.gate.shut();
    for (let from = BATCH; from < count + BATCH; from += BATCH) {
      signal.throwIfAborted();
      await send(from, Math.min(from + BATCH, count + BATCH));
    }
  } finally {
    client.close();
  }
}

export function rounded(value: number): number {
  return Number(value.toPrecision(4));
}
