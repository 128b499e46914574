import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { parentPort, workerData } from "node:worker_threads";

/** What the bench tells the sender: a node that streams one topic, at a rate or as fast as the reader takes it. */
export type SenderOptions = {
  topic: "single_attestation" | "head";
  events: number;
  eventsASecond: number | undefined;
  genesisTimeS: number;
};

/** A beacon node in a thread of its own: it answers what the collector asks and streams numbered events. */
const { topic, events, eventsASecond, genesisTimeS } = workerData as SenderOptions;
const SLOT_S = 12;
const root = `0x${"cf8e0d4e9587369b".repeat(4)}`;
const signature = `0x${"1b66ac1f".repeat(24)}`;
const answers: Readonly<Record<string, unknown>> = {
  "/eth/v1/config/spec": { CONFIG_NAME: "bench", SECONDS_PER_SLOT: String(SLOT_S), SLOTS_PER_EPOCH: "32" },
  "/eth/v1/beacon/genesis": { genesis_time: String(genesisTimeS), genesis_validators_root: root },
  "/eth/v1/node/version": { version: "Bench/v1.0.0" },
};

const nowMs = () => performance.timeOrigin + performance.now();

function event(number: number): string {
  const slot = Math.floor((nowMs() / 1000 - genesisTimeS) / SLOT_S);
  const body = topic === "head" ? head(slot, number) : vote(slot, number);
  return `event: ${topic}\ndata: ${JSON.stringify(body)}\n\n`;
}

/** Its number stands in its root. */
function head(slot: number, number: number): object {
  return {
    slot: String(slot),
    block: `0x${number.toString(16).padStart(64, "0")}`,
    state: root,
    epoch_transition: false,
    previous_duty_dependent_root: root,
    current_duty_dependent_root: root,
    execution_optimistic: false,
  };
}

/** Its number is its validator's. */
function vote(slot: number, number: number): object {
  const data = {
    slot: String(slot),
    index: "0",
    beacon_block_root: root,
    source: { epoch: "1", root },
    target: { epoch: "2", root },
  };
  return { committee_index: "17", attester_index: String(number), data, signature };
}

async function stream(response: ServerResponse): Promise<void> {
  const startedMs = nowMs();
  let number = 0;
  while (number < events && !response.destroyed) {
    const due = eventsASecond === undefined ? number + 256 : Math.floor(((nowMs() - startedMs) / 1000) * eventsASecond);
    let text = "";
    for (; number < Math.min(due, events); number += 1) text += event(number);
    const sent = text === "" || response.write(text);
    if (text !== "") parentPort?.postMessage({ sentTo: number, atMs: nowMs() });
    if (sent) await new Promise((resolve) => setTimeout(resolve, eventsASecond === undefined ? 0 : 2));
    else await new Promise((resolve) => response.once("drain", resolve));
  }
}

const server = createServer((request, response) => {
  const path = (request.url ?? "").split("?")[0] ?? "";
  if (path === "/eth/v1/events") {
    response.writeHead(200, { "content-type": "text/event-stream" });
    void stream(response);
    return;
  }
  const data = answers[path];
  response.writeHead(data === undefined ? 404 : 200, { "content-type": "application/json" });
  response.end(JSON.stringify(data === undefined ? { code: 404, message: "not here" } : { data }));
});
server.listen(0, "127.0.0.1", () => parentPort?.postMessage({ port: (server.address() as AddressInfo).port }));
