import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fillOwn } from "../../bench/panels/fill-own.ts";
import { FIRST_SLOT, SLOT_MS, SLOTS_PER_EPOCH } from "../../bench/panels/network-day.ts";
import { serverDocument } from "../../bench/panels/server-documents.ts";
import { DAY_MS } from "../../bench/search/documents/day.ts";
import { TEMPLATES } from "../../bench/search/templates.ts";
import type { Document } from "../../src/events/document.ts";
import { systemClock } from "../../src/lib/clock.ts";
import { startElasticProgram } from "../rigs/elastic-program.ts";
import { until } from "./checks.ts";
import { expect } from "./expect.ts";

export type DayRig = {
  /** Of the pages. */
  url: string;
  startMs: number;
  endMs: number;
  close(): Promise<void>;
};

const HOUR_MS = 3_600_000;
/** Of each server one of each kind in every few minutes. */
const SERVER_DOCUMENTS = 20_000;
const BATCH = 2_000;
/** Two thirds of a day's documents are of its committees: those of one slot in so many are enough to look at. */
const COMMITTEE_SLOTS = 32;

function isKept({ dataset, fields }: Document): boolean {
  return dataset !== "committee_slot" || Number(fields["ethereum.slot"]) % COMMITTEE_SLOTS === 0;
}

/** The program over the last 24 whole hours of five mainnet nodes, to which their servers have sent. */
export async function startDayRig(signal: AbortSignal): Promise<DayRig> {
  const endMs = Math.floor(systemClock().nowUs() / 1000 / HOUR_MS) * HOUR_MS;
  const day = { startMs: endMs - DAY_MS, endMs, documents: SERVER_DOCUMENTS, seed: 1 };
  const directory = mkdtempSync(join(tmpdir(), "ethmon-web-day-"));
  await fillOwn({ directory, startMs: day.startMs, keep: isKept, signal });
  const rig = await startElasticProgram({
    directory,
    genesisTimeS: (day.startMs - FIRST_SLOT * SLOT_MS) / 1000,
    spec: {
      CONFIG_NAME: "mainnet",
      SECONDS_PER_SLOT: String(SLOT_MS / 1000),
      SLOTS_PER_EPOCH: String(SLOTS_PER_EPOCH),
    },
  });
  const ask = async (path: string, init: { method?: string; body?: string } = {}): Promise<Record<string, unknown>> => {
    const headers = { "content-type": "application/json" };
    const response = await fetch(`${rig.elasticUrl}${path}`, { ...init, headers, signal });
    const answer = (await response.json()) as Record<string, unknown>;
    expect(response.ok && answer["errors"] !== true, `${path} was answered ${JSON.stringify(answer).slice(0, 300)}`);
    return answer;
  };
  try {
    for (const [name, template] of Object.entries(TEMPLATES)) {
      await ask(`/_index_template/${name}`, { method: "PUT", body: JSON.stringify(template) });
    }
    for (let from = 0; from < SERVER_DOCUMENTS; from += BATCH) {
      const lines = Array.from({ length: BATCH }, (_, place) => {
        const { index, source } = serverDocument(day, from + place);
        return `{"create":{"_index":"${index}"}}\n${JSON.stringify(source)}\n`;
      });
      await ask("/_bulk?filter_path=errors,items.*.error", { method: "POST", body: lines.join("") });
    }
    const count = "/metricbeat-*,filebeat-*,packetbeat-*,chain-records/_count?ignore_unavailable=true";
    await until(async () => (await ask(count))["count"] === SERVER_DOCUMENTS, "what the servers sent is not found");
    return { url: (await rig.program.url).replace(/\/$/, ""), ...day, close: rig.close };
  } catch (error) {
    await rig.close();
    throw error;
  }
}
