import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { sleep } from "../src/lib/sleep.ts";
import { quantile } from "../src/lib/statistics.ts";
import { type Receipt, startReceivers } from "./alerts/receivers.ts";
import { quietWatches, tellingWatches } from "./alerts/watches.ts";
import { keepResult } from "./machine.ts";
import { addressOf, linesOf, startEthmon } from "./processes.ts";
import { processTree, usageOf } from "./usage.ts";

/**
 * From an event's arrival to its message at the receiver, by webhook and by mail, with many rules active, at the rate of
 * five simulated mainnet nodes; and the same without rules for the processor's time that they take.
 */
const { values } = parseArgs({
  options: { minutes: { type: "string", default: "3" }, watches: { type: "string", default: "200" } },
});
const SECONDS = Number(values.minutes) * 60;
const WATCHES = Number(values.watches);

async function measure(
  quiet: number | undefined,
): Promise<{ receipts: readonly Receipt[]; cpuSeconds: number; rules: number }> {
  const directory = await mkdtemp(join(tmpdir(), "ethmon-bench-alerts-"));
  const receivers = await startReceivers();
  const config = join(directory, "ethmon.json");
  const email = { host: "127.0.0.1", port: receivers.smtpPort, security: "opportunistic", from: "e@example.org" };
  await writeFile(
    config,
    JSON.stringify({
      clock: { ntp_servers: [] },
      alerts: { email: { ...email, to: ["a@example.org"] }, storm_per_minute: 1_000 },
    }),
  );
  const simulation = startEthmon(["simulate", "--mainnet"]);
  const nodes = await linesOf(simulation, 5);
  const args = ["run", "--port", "0", "--data", directory, "--config", config, "--log-level", "error"];
  const monitor = startEthmon([...args, ...nodes.flatMap((node) => ["--node", node])]);
  const url = await addressOf(monitor);
  while (!(await fetch(`${url}/api/v1/rules`)).ok) await sleep(50);
  if (quiet !== undefined) {
    const watches = { ...quietWatches(quiet), ...tellingWatches(receivers.webhookPort) };
    for (const [id, watch] of Object.entries(watches)) await put(`${url}/api/v1/rules/${id}`, watch);
  }
  const { rules } = (await (await fetch(`${url}/api/v1/rules`)).json()) as { rules: unknown[] };
  const fromMs = performance.timeOrigin + performance.now();
  const before = monitorCpu(monitor.pid);
  await sleep(SECONDS * 1000);
  const cpuSeconds = monitorCpu(monitor.pid) - before;
  await simulation.stop();
  await sleep(2_000);
  await monitor.stop();
  await receivers.close();
  await rm(directory, { recursive: true, force: true });
  // A block that came before the rules were there is told when its slot is next measured.
  const receipts = receivers.receipts.filter(({ arrivedMs }) => arrivedMs >= fromMs);
  return { receipts, cpuSeconds, rules: rules.length };
}

async function put(url: string, watch: object): Promise<void> {
  const asked = { method: "PUT", headers: { "content-type": "application/json" }, body: JSON.stringify(watch) };
  const response = await fetch(url, asked);
  if (!response.ok) throw new Error(`A watch was refused: ${await response.text()}`);
}

function monitorCpu(pid: number): number {
  return processTree(pid).reduce((sum, one) => sum + usageOf(one).cpuSeconds, 0);
}

const rounded = (ms: number | undefined) => (ms === undefined ? undefined : Math.round(ms));
const withRules = await measure(WATCHES - 3);
const without = await measure(undefined);
const delays = Object.fromEntries(
  [...Map.groupBy(withRules.receipts, ({ watch }) => watch)].map(([watch, receipts]) => {
    const ms = receipts.map(({ delayMs }) => delayMs);
    return [
      watch,
      {
        messages: ms.length,
        p50_ms: rounded(quantile(ms, 0.5)),
        p99_ms: rounded(quantile(ms, 0.99)),
        most_ms: rounded(Math.max(...ms)),
      },
    ];
  }),
);
const figures = {
  seconds: SECONDS,
  rules: withRules.rules,
  from_arrival_to_receipt: delays,
  cpu_seconds: { with_rules: withRules.cpuSeconds, shipped_rules_alone: without.cpuSeconds },
  cpu_ratio: Number((withRules.cpuSeconds / without.cpuSeconds).toFixed(2)),
};
process.stdout.write(`${JSON.stringify(figures, null, 2)}\n`);
keepResult("alerts", figures);
