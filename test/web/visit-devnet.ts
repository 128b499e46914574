import { mkdirSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Browser } from "playwright-core";
import { type Devnet, startDevnet } from "../../devnet/devnet.ts";
import type { FaultLine } from "../../devnet/fault-log.ts";
import { kindNamed } from "../../devnet/kinds.ts";
import { type DevNode, NODES } from "../../devnet/network.ts";
import { parsePlan } from "../../devnet/plan.ts";
import { type Clock, systemClock } from "../../src/lib/clock.ts";
import { findOutcome, firstWitnessed, type Outcome } from "../e2e/outcome.ts";
import type { TrueSlot, Truth } from "../e2e/truth.ts";
import { startWitness } from "../e2e/witness.ts";
import { startFakeNtp } from "../rigs/fake-ntp.ts";
import { openPage, SCREENS, type Screen } from "./browser.ts";
import { openBlocks } from "./check-blocks.ts";
import { checkCheckAgain } from "./check-check.ts";
import { checkGaps, checkHappened, checkHappenedSlot, checkTakenNodes } from "./check-happened.ts";
import { checkHappenedReorg, deepestOf } from "./check-happened-reorg.ts";
import { checkLatency } from "./check-latency.ts";
import { openParticipation } from "./check-participation.ts";
import { checkGroups } from "./check-validators.ts";
import { checkAccessibility, checkLive, checkPainted, checkSlot, checkWidth } from "./checks.ts";
import { expect } from "./expect.ts";

/** A late block, a node that stands still, a partition that ends in a reorg, and a node that the monitor loses. */
const PLAN = "run:4,late:2:2:1600,run:1,freeze:1:4,run:2,partition:1:4,run:4,cut:2:4,run:4";
/** Single votes, committees, columns and blobs are told by the Fulu nodes alone. */
const KIND = "fulu";
const SLOT_SECONDS = 3;
/** As if each node with its validators were an operator's. */
const LABELS = NODES.map(({ name, validators: { first, last } }) => `${first}-${last} ${name} @${name}\n`).join("");
const SCREENSHOTS = fileURLToPath(new URL("../../docs/screenshots/", import.meta.url));

/** Real nodes with faults: the pages must hold what happened by the nodes' own word. Writes docs/screenshots. */
export async function visitDevnet(input: { browser: Browser; signal: AbortSignal }): Promise<void> {
  const { browser, signal } = input;
  const plan = parsePlan(PLAN, KIND);
  const kind = kindNamed(KIND, { fuluEpoch: 0, env: process.env });
  kind.install((sentence) => process.stderr.write(`${sentence}\n`));
  const directory = await mkdtemp(join(tmpdir(), "ethmon-web-devnet-"));
  const labelFile = join(directory, "labels.txt");
  await writeFile(labelFile, LABELS);
  const time = await startTimeServers(directory);
  const clock = systemClock();
  const faults: FaultLine[] = [];
  const cut = Promise.withResolvers<string>();
  try {
    const devnet = await startDevnet({
      kind,
      directory,
      slotSeconds: SLOT_SECONDS,
      port: 0,
      clock,
      signal,
      onFault(line) {
        faults.push(line);
        if (line.kind === "cut_start") cut.resolve(line.node ?? "");
      },
      monitorArgs: ["--config", time.configFile, "--labels", labelFile],
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
  const witness = startWitness({ nodes: network.nodes, topics: ["block", "head"], clock });
  const listening = witness.listening.then(() => firstWitnessed(network));
  try {
    const running = devnet.run(plan);
    await Promise.race([Promise.all([running, seesCut({ browser, url, cut })]), witness.failed]);
    signal.throwIfAborted();
    const outcome = await findOutcome({ devnet, witness, firstSlot: await listening, clock, signal });
    const pages = { browser, url, outcome, faults, nodes: network.nodes };
    await checkPages(pages);
    mkdirSync(SCREENSHOTS, { recursive: true });
    for (const screen of SCREENS) await takeScreenshots({ ...pages, screen });
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

type Pages = {
  browser: Browser;
  url: string;
  outcome: Outcome;
  faults: readonly FaultLine[];
  nodes: readonly DevNode[];
};

/** Each page holds what happened. */
async function checkPages({ browser, url, outcome, faults, nodes }: Pages): Promise<void> {
  const { truth } = outcome;
  const { page, errors } = await openPage(browser, SCREENS[0] as Screen);
  await page.goto(`${url}/`);
  await checkHappened(page, truth, faults);
  for (const slot of toldSlots(truth)) {
    await page.goto(`${url}/slot/${slot.slot}`);
    await checkHappenedSlot(page, slot, outcome);
  }
  await page.goto(`${url}/nodes`);
  await page.getByText("Its state has changed since").waitFor();
  await checkCheckAgain(page);
  await checkTakenNodes(page, nodes);
  await checkGaps(page, faults);
  await page.goto(`${url}/reorgs`);
  for (const reorg of truth.reorgs) await checkHappenedReorg({ page, reorg, nodes: nodes.length });
  expect(errors.length === 0, `the console shows errors:\n${errors.join("\n")}`);
  await page.close();
  process.stdout.write("devnet: the pages hold what happened.\n");
}

/** One slot of each kind, the late one first: its block may be canonical, or left by the next proposer. */
function toldSlots({ slots }: Truth): TrueSlot[] {
  const late = slots.find(({ lateness }) => lateness === "late");
  expect(late !== undefined, "the plan made no late slot");
  const others = (["proposed", "orphaned", "missed"] as const).map((status) => {
    const told = slots.find((slot) => slot.status === status && slot !== late);
    expect(told !== undefined, `the plan made no slot that is ${status}`);
    return told;
  });
  return [late, ...others];
}

function missedSlot({ slots }: Truth): number {
  const missed = slots.find(({ status }) => status === "missed");
  expect(missed !== undefined, "the plan made no slot that is missed");
  return missed.slot;
}

/** The screenshots of one screen, with axe and an eye on the width. */
async function takeScreenshots({ browser, url, outcome, nodes, screen }: Pages & { screen: Screen }): Promise<void> {
  const { page, errors } = await openPage(browser, screen);
  const shot = async (name: string) => {
    await checkWidth(page);
    await checkAccessibility(page);
    await page.screenshot({ path: `${SCREENSHOTS}${name}-${screen.theme}-${screen.name}.png` });
  };
  await page.goto(`${url}/`);
  await checkLive(page);
  await shot("live");
  const [late] = toldSlots(outcome.truth);
  await page.goto(`${url}/slot/${late?.slot}`);
  await checkSlot(page, late?.slot ?? 0);
  await shot("slot");
  await page.goto(`${url}/participation`);
  await openParticipation(page);
  await shot("participation");
  // The slot has left the newest ones until the last screen comes.
  await page.goto(`${url}/blocks?epochs=64`);
  await openBlocks(page, missedSlot(outcome.truth));
  await shot("blocks");
  await page.goto(`${url}/latency`);
  await checkLatency(
    page,
    nodes.map(({ name }) => name),
  );
  await shot("latency");
  await page.goto(`${url}/validators`);
  await checkGroups(
    page,
    nodes.map(({ name }) => name),
  );
  await page.locator(".fault").first().waitFor();
  await shot("validators");
  await page.goto(`${url}/nodes`);
  await page.locator(".checked-facts").first().waitFor();
  await checkPainted(page, ".gap-strip canvas");
  await shot("nodes");
  await page.goto(`${url}/nodes#clock`);
  await page.reload();
  await page.locator(".checked-facts").first().waitFor();
  await checkPainted(page, ".clock-chart canvas");
  await shot("clock");
  await page.goto(`${url}/nodes/${nodes[1]?.name}`);
  await page.locator(".checked-facts").waitFor();
  await checkPainted(page, ".delay-chart canvas");
  await shot("node");
  await page.goto(`${url}/reorgs/${deepestOf(outcome.truth).firstAbandoned}`);
  await page.locator(".reorg-tree .tree-cell.abandoned").first().waitFor();
  await page.locator(".reorg-switches tbody tr").first().waitFor();
  await shot("reorgs");
  expect(errors.length === 0, `the console shows errors:\n${errors.join("\n")}`);
  await page.close();
  process.stdout.write(`devnet, ${screen.theme} ${screen.name}: the screenshots are taken.\n`);
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
