import { mkdirSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Browser } from "playwright-core";
import { type Devnet, startDevnet } from "../../devnet/devnet.ts";
import type { FaultLine } from "../../devnet/fault-log.ts";
import { installNodes } from "../../devnet/install.ts";
import type { DevNode } from "../../devnet/network.ts";
import { parsePlan } from "../../devnet/plan.ts";
import { type Clock, systemClock } from "../../src/lib/clock.ts";
import { findOutcome, type Outcome } from "../e2e/outcome.ts";
import { startWitness } from "../e2e/witness.ts";
import { startFakeNtp } from "../rigs/fake-ntp.ts";
import { openPage, SCREENS, type Screen } from "./browser.ts";
import { checkCheckAgain } from "./check-check.ts";
import { checkGaps, checkHappened, checkHappenedSlot, checkTakenNodes } from "./check-happened.ts";
import { checkHappenedReorg, deepestOf } from "./check-happened-reorg.ts";
import { checkAccessibility, checkLive, checkPainted, checkSlot, checkWidth } from "./checks.ts";
import { expect, type Page } from "./expect.ts";

/** A late block, a node that stands still, a partition that ends in a reorg, and a node that the monitor loses. */
const PLAN = "run:4,late:2:4:1600,freeze:1:3,run:2,partition:3:6,run:4,cut:2:4,run:4";
const SLOT_SECONDS = 3;
const SCREENSHOTS = fileURLToPath(new URL("../../docs/screenshots/", import.meta.url));

/** Real nodes with faults: the pages must hold what happened by the nodes' own word. Writes docs/screenshots. */
export async function visitDevnet(input: { browser: Browser; signal: AbortSignal }): Promise<void> {
  const { browser, signal } = input;
  const plan = parsePlan(PLAN);
  installNodes((sentence) => process.stderr.write(`${sentence}\n`));
  const directory = await mkdtemp(join(tmpdir(), "ethmon-web-devnet-"));
  const time = await startTimeServers(directory);
  const clock = systemClock();
  const faults: FaultLine[] = [];
  const cut = Promise.withResolvers<string>();
  try {
    const devnet = await startDevnet({
      directory,
      slotSeconds: SLOT_SECONDS,
      port: 0,
      clock,
      signal,
      onFault(line) {
        faults.push(line);
        if (line.kind === "cut_start") cut.resolve(line.node ?? "");
      },
      monitorArgs: ["--config", time.configFile],
    });
    try {
      await visit({ browser, devnet, plan, clock, signal, faults, cut: cut.promise });
    } finally {
      await devnet.close();
    }
  } finally {
    await time.close();
  }
  await rm(directory, { recursive: true, force: true });
}

async function visit(input: {
  browser: Browser;
  devnet: Devnet;
  plan: ReturnType<typeof parsePlan>;
  clock: Clock;
  signal: AbortSignal;
  faults: readonly FaultLine[];
  cut: Promise<string>;
}): Promise<void> {
  const { browser, devnet, plan, clock, signal, faults, cut } = input;
  const { network, monitor } = devnet;
  const url = monitor.url.replace(/\/$/, "");
  const witness = startWitness(network.nodes, clock);
  try {
    const running = devnet.run(plan);
    await Promise.race([Promise.all([running, seesCut({ browser, url, cut })]), witness.failed]);
    signal.throwIfAborted();
    const outcome = await findOutcome({ devnet, witness, clock, signal });
    await checkAfterwards(browser, url);
    mkdirSync(SCREENSHOTS, { recursive: true });
    for (const screen of SCREENS) await visitPages({ browser, url, screen, outcome, faults, nodes: network.nodes });
  } finally {
    witness.close();
  }
}

/** While the monitor cannot reach a node, its card says so. */
async function seesCut(input: { browser: Browser; url: string; cut: Promise<string> }): Promise<void> {
  const { browser, url, cut } = input;
  const name = await cut;
  const { page, errors } = await openPage(browser, SCREENS[0] as Screen);
  await page.goto(`${url}/nodes`);
  const card = page.locator(".node-card.down", { has: page.getByRole("link", { name, exact: true }) });
  await card.getByText("No events since").waitFor();
  // The page was opened for the first time now, and so the nodes were checked for the first time, too.
  const checked = page.locator(".checked-nodes > li", { hasText: name });
  await checked.getByText("the connection was reset").waitFor();
  expect(errors.length === 0, `the console shows errors:\n${errors.join("\n")}`);
  await page.close();
}

/** What the check found while a node was cut off is told to be old, and a new one finds otherwise. */
async function checkAfterwards(browser: Browser, url: string): Promise<void> {
  const { page } = await openPage(browser, SCREENS[0] as Screen);
  await page.goto(`${url}/nodes`);
  await page.getByText("Its state has changed since").waitFor();
  await checkCheckAgain(page);
  await page.close();
}

async function visitPages(input: {
  browser: Browser;
  url: string;
  screen: Screen;
  outcome: Outcome;
  faults: readonly FaultLine[];
  nodes: readonly DevNode[];
}): Promise<void> {
  const { browser, url, screen, outcome, faults, nodes } = input;
  const { truth } = outcome;
  const { page, errors } = await openPage(browser, screen);
  const shot = async (name: string) => {
    await checkWidth(page);
    await checkAccessibility(page);
    await page.screenshot({ path: `${SCREENSHOTS}${name}-${screen.theme}-${screen.name}.png` });
  };

  await page.goto(`${url}/`);
  await checkLive(page);
  await checkHappened(page, truth, faults);
  await shot("live");

  const told = truth.slots.find(({ lateness, status }) => lateness === "late" && status === "proposed");
  const left = truth.slots.find(({ status }) => status === "orphaned");
  const missed = truth.slots.find(({ status }) => status === "missed");
  for (const slot of [missed, left, told]) {
    expect(slot !== undefined, "the plan made no late, missed or orphaned slot: nothing was proven");
    await page.goto(`${url}/slot/${slot.slot}`);
    await checkHappenedSlot(page, slot, outcome);
  }
  await checkSlot(page, told?.slot ?? 0);
  await shot("slot");

  await page.goto(`${url}/nodes`);
  await checkTakenNodes(page, nodes);
  await checkGaps(page, faults);
  await shot("nodes");
  await bringClock(page);
  await shot("clock");
  await page.goto(`${url}/nodes/${nodes[1]?.name}`);
  await checkPainted(page, ".delay-chart canvas");
  await page.locator(".checked-facts").waitFor();
  await shot("node");

  await page.goto(`${url}/reorgs`);
  for (const reorg of truth.reorgs) await checkHappenedReorg(page, reorg, truth, nodes.length);
  await page.goto(`${url}/reorgs/${deepestOf(truth).firstAbandoned}`);
  await page.locator(".reorg-tree .tree-cell.abandoned").first().waitFor();
  await shot("reorgs");
  expect(errors.length === 0, `the console shows errors:\n${errors.join("\n")}`);
  await page.close();
  process.stdout.write(`devnet, ${screen.theme} ${screen.name}: the pages hold what happened.\n`);
}

async function bringClock(page: Page): Promise<void> {
  await page.locator("#clock").evaluate("(element) => element.scrollIntoView()");
  await checkPainted(page, ".clock-chart canvas");
}

/** The machine's clock is compared with this machine's own, so that nobody's time servers are asked. */
async function startTimeServers(directory: string): Promise<{ configFile: string; close(): Promise<void> }> {
  const servers = [await startFakeNtp({ rootDispersionMs: 4 }), await startFakeNtp({ rootDispersionMs: 7 })];
  const configFile = join(directory, "config.json");
  await writeFile(configFile, JSON.stringify({ clock: { ntp_servers: servers.map(({ server }) => server) } }));
  return {
    configFile,
    async close() {
      for (const server of servers) await server.close();
    },
  };
}
