import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { type Devnet, startDevnet } from "../../../devnet/devnet.ts";
import { kindNamed } from "../../../devnet/kinds.ts";
import { parsePlan } from "../../../devnet/plan.ts";
import { freePorts } from "../../../devnet/ports.ts";
import { systemClock } from "../../../src/lib/clock.ts";
import { count, type Sender, search } from "../ask.ts";
import { startRsyslog } from "../rsyslog.ts";
import { LINES_INDEX, METRICS_INDEX, startTelegraf } from "../telegraf.ts";

const KIND = "lodestar";
const SLOT_SECONDS = 3;
const LATE_NODE = "n2";
const PLAN = "run:2,late:2:6:1600,run:3";
const RSYSLOG_INDEX = "logs-lodestar-devnet";
/** Within a slot, when an operator asks the late node for what it does not have. */
const ASKED_AT = 0.3;
/** An epoch that never comes here: Lodestar answers with an error, and logs it. */
const UNKNOWN_EPOCH = 9_999;

const ending = new AbortController();
const cleanUp: (() => Promise<unknown>)[] = [];
afterAll(async () => {
  ending.abort();
  for (const step of cleanUp.toReversed()) await step();
}, 60_000);

/** One request: by slot, the late node's CPU, its warnings and errors, and what the monitor says of the slot. */
const JOINED = {
  size: 0,
  aggs: {
    slots: {
      terms: { field: "ethereum.slot", size: 500, order: { _key: "asc" } },
      aggs: {
        host: {
          filter: {
            bool: { filter: [{ term: { "observer.name": LATE_NODE } }, { exists: { field: "cpu.usage_idle" } }] },
          },
          aggs: { idle: { avg: { field: "cpu.usage_idle" } } },
        },
        errors: {
          filter: { bool: { filter: [{ term: { "observer.name": LATE_NODE } }, { term: { "log.level": "error" } }] } },
          aggs: { lines: { top_hits: { size: 5, _source: ["message", "host.name", "log.level", "ethereum"] } } },
        },
        late: { filter: { term: { "ethereum.late": true } } },
      },
    },
  },
};

type Joined = {
  key: number;
  host: { doc_count: number; idle: { value: number | null } };
  errors: { doc_count: number; lines: { hits: { hits: readonly { _source: { message: string } }[] } } };
  late: { doc_count: number };
};

test("one search joins a host's CPU, a client's error line and a late block on one slot of real nodes", {
  timeout: 300_000,
}, async () => {
  const kind = kindNamed(KIND, { fuluEpoch: 0, env: process.env });
  kind.install((sentence) => process.stderr.write(`${sentence}\n`));
  const directory = await mkdtemp(join(tmpdir(), "ethmon-shippers-devnet-"));
  const [port] = await freePorts(1);
  const url = `http://127.0.0.1:${port}`;
  const delayed: number[] = [];
  const devnet = await startDevnet({
    kind,
    directory,
    slotSeconds: SLOT_SECONDS,
    port: 0,
    clock: systemClock(),
    signal: ending.signal,
    monitorArgs: ["--elastic", String(port)],
    onFault: ({ kind: what, proposal_slot: slot }) => {
      if (what === "proposal_delayed" && typeof slot === "number") delayed.push(slot);
    },
  });
  cleanUp.push(devnet.close);

  const logOf = (name: string) => devnet.network.node(name).process.logFile;
  const telegraf = await startTelegraf({
    directory,
    url,
    host: LATE_NODE,
    file: logOf(LATE_NODE),
    client: "lodestar",
  });
  const others = ["n1", "n3"].map((host) => ({ path: logOf(host), host, client: "lodestar" }));
  const rsyslog = await startRsyslog({ directory, url, index: RSYSLOG_INDEX, files: others });
  const senders: Sender[] = [telegraf, rsyslog];
  for (const sender of senders) cleanUp.push(() => sender.end());

  const asking = new AbortController();
  const asked = askEachSlot(devnet, AbortSignal.any([asking.signal, ending.signal]));
  await devnet.run(parsePlan(PLAN, KIND));
  asking.abort();
  await asked;
  for (const sender of senders) await sender.end();
  expect(delayed.length).toBeGreaterThan(0);

  await count(url, "*");
  const { aggregations } = await search(
    url,
    `${METRICS_INDEX}-*,${LINES_INDEX}-*,${RSYSLOG_INDEX},ethmon-slot-*`,
    JOINED,
  );
  const slots = (aggregations?.["slots"]?.buckets ?? []) as unknown as Joined[];
  const joined = slots.filter(
    ({ host, errors, late }) => host.doc_count > 0 && errors.doc_count > 0 && late.doc_count > 0,
  );
  const told = JSON.stringify({
    delayed,
    slots: slots.map(({ key, host, errors, late }) => [key, host.doc_count, errors.doc_count, late.doc_count]),
  });
  const proven = joined.filter(({ key }) => delayed.includes(key));
  expect(proven.length, told).toBeGreaterThan(0);
  for (const { host, errors } of proven) {
    expect(host.idle.value).toBeGreaterThanOrEqual(0);
    expect(host.idle.value).toBeLessThanOrEqual(100);
    const messages = errors.lines.hits.hits.map(({ _source }) => _source.message);
    expect(
      messages.some((message) => message.includes("getEpochCommittees")),
      messages.join("\n"),
    ).toBe(true);
  }
  expect(await count(url, RSYSLOG_INDEX, { terms: { "observer.name": ["n1", "n3"] } })).toBeGreaterThan(0);
});

/** In each slot an operator asks the late node for the committees of an epoch that it does not know. */
async function askEachSlot({ network }: Devnet, signal: AbortSignal): Promise<void> {
  const path = `/eth/v1/beacon/states/head/committees?epoch=${UNKNOWN_EPOCH}`;
  while (!signal.aborted) {
    await network.untilSlot(Math.floor(network.slotNow()) + 1 + ASKED_AT, signal);
    // It is the node's log that counts, not its answer.
    await fetch(`${network.node(LATE_NODE).url}${path}`, { signal }).catch(() => undefined);
  }
}
