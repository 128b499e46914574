import { fileURLToPath } from "node:url";
import type { Browser } from "playwright-core";
import type { Document } from "../../src/events/document.ts";
import type { JsonObject } from "../../src/events/foreign.ts";
import { line, measurement, metric, packets, ping } from "../rigs/host-documents.ts";
import {
  network,
  nodeSlotDocument,
  nodeSlotRecord,
  nodeView,
  rootOf,
  slotDocument,
  slotRecord,
  slotStartMs,
} from "../rigs/serve-fixtures.ts";
import { startServeRig } from "../rigs/serve-rig.ts";
import { openPage, SCREENS } from "./browser.ts";
import { checkAccessibility, checkPainted, checkWidth, until } from "./checks.ts";
import { expect, type Page } from "./expect.ts";

const WEB = fileURLToPath(new URL("../../dist/web", import.meta.url));
const SCREENSHOTS = fileURLToPath(new URL("../../docs/screenshots/", import.meta.url));
const NOW_SLOT = 320;
/** Its block comes late to n2, whose server has no processor left. */
const LATE_SLOT = 317;
const NOW_MS = slotStartMs(NOW_SLOT) + 2000;
const GB = 1e9;
const TALL_PX = 3000;

/** Pages of a monitor to which servers send: Metricbeat on n1 and n2, Telegraf on n3, nothing on n4. Writes docs/screenshots. */
export async function visitHosts(browser: Browser): Promise<void> {
  const rig = await startServeRig({
    documents: chainDocuments(),
    foreign: [
      {
        index: "metricbeat-9.1.0",
        kind: "stream",
        documents: [...metrics("n1.example", 0.21), ...metrics("n2.example", 0.43)],
      },
      { index: "telegraf-2026.11.22", kind: "index", documents: measurements("n3.example") },
      { index: "packetbeat-9.1.0", kind: "stream", documents: wire("n2.example") },
      { index: "filebeat-9.1.0", kind: "stream", documents: logs() },
    ],
    source: {
      network: () => ({ ...network, now_ms: NOW_MS }),
      nodes: () =>
        ["n1", "n2", "n3", "n4"].map((name, at) =>
          nodeView(name, {
            client: CLIENTS[at] ?? null,
            head: { slot: NOW_SLOT - 1, root: rootOf(`${NOW_SLOT - 1}`), at_ms: slotStartMs(NOW_SLOT - 1) + 900 },
          }),
        ),
    },
    nowMs: NOW_MS,
    config: { webDirectory: WEB },
  });
  try {
    for (const screen of SCREENS) {
      const { page, errors } = await openPage(browser, screen);
      // As high as the part of the page, or the bar at the top would lie over it.
      const shoot = async (name: string, selector: string) => {
        await page.setViewportSize({ width: screen.width, height: TALL_PX });
        await page.locator(selector).screenshot({ path: `${SCREENSHOTS}${name}-${screen.theme}-${screen.name}.png` });
        await page.setViewportSize({ width: screen.width, height: screen.height });
      };
      await page.goto(`${rig.url}/nodes`);
      await checkServers(page);
      await checkWidth(page);
      await checkAccessibility(page);
      await shoot("servers", ".hosts");
      await page.goto(`${rig.url}/slot/${LATE_SLOT}`);
      await checkBand(page);
      await checkWidth(page);
      await checkAccessibility(page);
      await shoot("slot-servers", ".slot-main");
      await page.goto(`${rig.url}/slot/20`);
      await page.locator(".host-band").getByText("docs/beats.md").waitFor();
      expect(errors.length === 0, `the console shows errors:\n${errors.join("\n")}`);
      await page.close();
      process.stdout.write(`servers, ${screen.theme} ${screen.name}: figures, packets and lines are in order.\n`);
    }
  } finally {
    await rig.close();
  }
}

const CLIENTS = ["lighthouse", "lodestar", "teku", "nimbus"];

/** Figures of every node that sends, with what is too full marked; what does not come is said. */
async function checkServers(page: Page): Promise<void> {
  const cards = page.locator(".host-card");
  await cards.first().waitFor();
  const [first, second, third, fourth] = await cards.allTextContents();
  expect(/CPU21 %.*memory64 %.*of 8 cores.*disk■ 93 % of \/data/.test(first ?? ""), `n1 has other figures: ${first}`);
  expect(/2 errors, 1 warning of 3 lines/.test(second ?? ""), `n2 has other lines: ${second}`);
  expect(/by Telegraf.*CPU30 %/.test(third ?? ""), `n3 has other figures: ${third}`);
  expect((fourth ?? "").includes("No figures, no packets and no log lines came."), `n4 says: ${fourth}`);
  expect((await page.locator(".host-card .sparkline").count()) >= 15, "series are missing");
  await page.locator(".hosts summary").click();
  await until(async () => (await page.locator(".hosts .data-table tbody tr").count()) > 100, "the table is empty");
  await page.locator(".hosts summary").click();
}

/** Processor, packets and error line of the late block's node stand on the slot's axis. */
async function checkBand(page: Page): Promise<void> {
  await page.locator(".host-band canvas").first().waitFor();
  await checkPainted(page, ".host-band canvas:nth-of-type(2)");
  const lines = page.locator(".host-lines tbody tr");
  await lines.first().waitFor();
  const told = (await lines.allTextContents()).join("\n");
  expect(/4\.62 s.*n2lodestarlate, errorBlock arrived late/.test(told), `the late line is missing of: ${told}`);
  const wire = (await page.locator(".host-packets tbody tr").textContent()) ?? "";
  expect(/failed.*EchoRequest\(0\) at 10\.0\.0\.9 no answer/.test(wire), `the failed ping is missing of: ${wire}`);
  await page.locator(".host-band summary").click();
  const samples = (await page.locator(".host-band tbody").textContent()) ?? "";
  expect(samples.includes("97 %"), `the full processor is missing of: ${samples}`);
  await page.locator(".host-band summary").click();
}

function chainDocuments(): Document[] {
  const slots = Array.from({ length: NOW_SLOT }, (_, slot) =>
    slotRecord(
      slot,
      slot === LATE_SLOT ? { late: true, delay_ms: 812.345, seen_ms: { n1: 812.345, n2: 4610, n3: 1210 } } : {},
    ),
  );
  const lived = slots.slice(-32).flatMap(({ slot }) =>
    ["n1", "n2", "n3"].map((node, at) => {
      const lateMs = slot === LATE_SLOT && node === "n2" ? 3800 : at * 90;
      const record = nodeSlotRecord(slot, node);
      return {
        ...record,
        client: CLIENTS[at] ?? null,
        gossip_ms: 700 + lateMs,
        import_ms: 860 + lateMs,
        head_ms: 910 + lateMs,
      };
    }),
  );
  const old = ["n1", "n2"].map((node) => nodeSlotRecord(20, node));
  return [...slots.map(slotDocument), ...[...lived, ...old].map(nodeSlotDocument)];
}

/** Moments of the last hour, ten seconds apart. */
function moments(): number[] {
  const endMs = slotStartMs(NOW_SLOT);
  return Array.from({ length: 358 }, (_, at) => endMs - (357 - at) * 10_000);
}

function metrics(host: string, busy: number): JsonObject[] {
  const lateMs = slotStartMs(LATE_SLOT);
  return moments().flatMap((atMs, at) => {
    const where = { atMs, host };
    const isFull = host === "n2.example" && atMs >= lateMs - 4000 && atMs < lateMs + 12_000;
    const share = isFull ? 0.97 : busy + 0.04 * Math.sin(at / 9) * (at < 350 ? 1 : 0);
    const bytes = (perSecond: number) => Math.round(perSecond * (10 * at + 30 * Math.sin(at / 12)));
    return [
      metric("cpu", where, {
        "system.cpu.cores": 8,
        "system.cpu.total.norm.pct": share,
        "system.cpu.iowait.norm.pct": isFull ? 0.02 : 0.005,
      }),
      metric("memory", where, { "system.memory.actual.used.pct": 0.64 - 0.1 * (1 - at / 358) }),
      metric("load", where, { "system.load.1": 8 * share, "system.load.cores": 8 }),
      metric("network", where, {
        "system.network.name": "eth0",
        "system.network.in.bytes": bytes(4.2e6),
        "system.network.out.bytes": bytes(2.9e6),
      }),
      ...(at % 6 === 0
        ? [
            metric("filesystem", where, {
              "system.filesystem.mount_point": "/data",
              "system.filesystem.used.pct": host === "n1.example" ? 0.93 : 0.71,
              "system.filesystem.total": 4000 * GB,
            }),
          ]
        : []),
    ];
  });
}

function measurements(host: string): JsonObject[] {
  return moments().flatMap((atMs, at) => {
    const where = { atMs, host };
    return [
      measurement("cpu", where, { tags: { cpu: "cpu-total" }, fields: { usage_idle: 66, usage_iowait: 4 } }),
      measurement("mem", where, { fields: { available_percent: 48.5 } }),
      measurement("system", where, { fields: { load1: 1.9, n_cpus: 4 } }),
      measurement("net", where, {
        tags: { interface: "eth0" },
        fields: { bytes_recv: at * 2.1e7, bytes_sent: at * 1.2e7 },
      }),
      ...(at % 6 === 0
        ? [measurement("disk", where, { tags: { path: "/" }, fields: { used_percent: 55, total: 1000 * GB } })]
        : []),
    ];
  });
}

function wire(host: string): JsonObject[] {
  const atMs = slotStartMs(LATE_SLOT) + 1000;
  return [
    ...packets("flow", { atMs, host }),
    ...packets("dns", { atMs, host }),
    ...packets("http", { atMs, host }),
    ping({ atMs: atMs + 2000, host }, true),
    ping({ atMs: atMs + 3000, host }, false),
  ];
}

function logs(): JsonObject[] {
  const at = (afterMs: number, host: string) => ({ atMs: slotStartMs(LATE_SLOT) + afterMs, host });
  return [
    line(at(2900, "n2.example"), {
      client: "lodestar",
      level: "warn",
      type: "resource",
      message: "Gossip queue beacon_attestation is 92 % full",
    }),
    line(at(4620, "n2.example"), {
      client: "lodestar",
      level: "error",
      type: "late",
      message: `Block arrived late slot=${LATE_SLOT} root=${rootOf(`${LATE_SLOT}`)} delay=4.610`,
    }),
    line(at(5210, "n2.example"), {
      client: "geth",
      level: "error",
      type: "execution",
      message: "Engine API: newPayload took 2.4 s, beacon client was not answered in time",
    }),
    line(at(1000, "n1.example"), { client: "lighthouse", level: "info", message: "New block received" }),
  ];
}
