import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { startProgram } from "../rigs/program.ts";
import { openPage, SCREENS, type Screen } from "./browser.ts";
import { checkBlocksPage } from "./check-blocks.ts";
import { checkCheck, checkCheckAgain, checkClock } from "./check-check.ts";
import { checkLatency } from "./check-latency.ts";
import { checkHours, checkNode, checkNodes, checkUnreached } from "./check-nodes.ts";
import { checkParticipationPage } from "./check-participation.ts";
import { checkPartition, checkReorg, checkReorgs } from "./check-reorgs.ts";
import { checkFaultLink, checkUnlabelled, checkValidators } from "./check-validators.ts";
import {
  checkAccessibility,
  checkGridClick,
  checkGridKeyboard,
  checkLive,
  checkSlot,
  checkTheme,
  checkWidth,
} from "./checks.ts";
import { expect } from "./expect.ts";
import { untilSlot } from "./until-slot.ts";

/** The bundled recording: its late block is in slot 10 and is left by the chain, its withheld one in slot 37. */
const TOLD_SLOT = 10;
const LAST_TOLD_SLOT = 41;
/** In its partition the nodes' validators vote for two heads. */
const DOUBTFUL_SLOT = 13;
const NODES = ["n1", "n2", "n3"];
/** No service has this port. */
const UNREACHED = "gone=http://127.0.0.1:1";
const PHONE: Screen = { theme: "light", name: "phone", width: 390, height: 844 };

/** Works with every page as a user does, on the demo that it starts. */
export async function visitDemo(browser: Browser): Promise<void> {
  const data = mkdtempSync(join(tmpdir(), "ethmon-web-"));
  const program = startProgram(["run", "--port", "0", "--data", data, "--log-level", "warn"]);
  try {
    await visitUnreached(browser);
    const url = (await program.url).replace(/\/$/, "");
    await visitRunningDemo(browser, url);
    await visitUnlabelled(browser, url);
  } finally {
    program.process.kill("SIGTERM");
    await program.ended;
    rmSync(data, { recursive: true, force: true });
  }
}

/** The same on a demo that runs already. */
export async function visitRunningDemo(browser: Browser, url: string): Promise<void> {
  await untilSlot(url, TOLD_SLOT + 3);
  for (const screen of SCREENS) await visitPages(browser, url, screen);
  await untilSlot(url, LAST_TOLD_SLOT);
  const { page, errors } = await openPage(browser, PHONE);
  await page.goto(`${url}/reorgs`);
  await checkPartition(page);
  await page.goto(`${url}/nodes`);
  await checkCheckAgain(page);
  expect(errors.length === 0, `the console shows errors:\n${errors.join("\n")}`);
  await page.close();
}

/** Works with the pages as a user does. */
async function visitPages(browser: Browser, url: string, screen: Screen): Promise<void> {
  const { page, errors } = await openPage(browser, screen);
  await page.goto(`${url}/`);
  await checkLive(page);
  await checkWidth(page);
  await checkAccessibility(page);
  await checkGridClick(page);
  await checkGridKeyboard(page);
  await page.goto(`${url}/slot/${TOLD_SLOT}`);
  await checkSlot(page, TOLD_SLOT);
  await checkWidth(page);
  await checkAccessibility(page);
  await page.goto(`${url}/nodes`);
  await checkNodes(page, NODES);
  await checkCheck(page, NODES);
  await checkHours(page);
  await checkWidth(page);
  await checkAccessibility(page);
  await checkNode(page, NODES);
  await checkWidth(page);
  await checkAccessibility(page);
  await checkParticipationPage(page, { url, doubtful: DOUBTFUL_SLOT });
  await checkBlocksPage(page, { url });
  await page.goto(`${url}/latency`);
  await checkLatency(page, NODES);
  await checkWidth(page);
  await checkAccessibility(page);
  await page.goto(`${url}/reorgs`);
  await checkReorgs(page, TOLD_SLOT, NODES.length);
  await checkReorg(page, TOLD_SLOT, NODES.length);
  await checkWidth(page);
  await checkAccessibility(page);
  await page.goto(`${url}/reorgs`);
  await page.locator(".reorg-list tbody tr").first().waitFor();
  await checkAccessibility(page);
  await page.goto(`${url}/validators`);
  await checkValidators(page, NODES);
  await checkWidth(page);
  await checkAccessibility(page);
  await checkFaultLink(page);
  await page.goto(`${url}/no/such/page`);
  await page.getByText("There is no page at this address").waitFor();
  await checkAccessibility(page);
  await page.goto(`${url}/`);
  await checkClock(page);
  await page.goto(`${url}/`);
  await checkTheme(page);
  expect(errors.length === 0, `the console shows errors:\n${errors.join("\n")}`);
  await page.close();
  process.stdout.write(`demo, ${screen.theme} ${screen.name}: pages, keyboard and accessibility are in order.\n`);
}

/** A monitor whose only node is not there yet, as a newcomer meets it. */
async function visitUnreached(browser: Browser): Promise<void> {
  const data = mkdtempSync(join(tmpdir(), "ethmon-web-"));
  const program = startProgram(["run", "--port", "0", "--data", data, "--log-level", "error", "--node", UNREACHED]);
  try {
    const { page, errors } = await openPage(browser, PHONE);
    await page.goto(new URL("/nodes", await program.url).href);
    await checkUnreached(page, "gone");
    await checkWidth(page);
    await checkAccessibility(page);
    // The browser itself tells of the answer 503, which says that no network is known yet.
    const other = errors.filter((error) => !error.includes("503"));
    expect(other.length === 0, `the console shows errors:\n${other.join("\n")}`);
    await page.close();
  } finally {
    program.process.kill("SIGTERM");
    await program.ended;
    rmSync(data, { recursive: true, force: true });
  }
}

/** A monitor of one of the demo's nodes, which nobody told whose validators are whose. */
async function visitUnlabelled(browser: Browser, url: string): Promise<void> {
  const answer = (await (await fetch(`${url}/api/v1/nodes`)).json()) as { nodes: { url: string }[] };
  const node = answer.nodes[0]?.url ?? "";
  const data = mkdtempSync(join(tmpdir(), "ethmon-web-"));
  const program = startProgram(["run", "--port", "0", "--data", data, "--log-level", "error", "--node", node]);
  try {
    const { page, errors } = await openPage(browser, PHONE);
    await page.goto(new URL("/validators", await program.url).href);
    await checkUnlabelled(page);
    await checkWidth(page);
    await checkAccessibility(page);
    expect(errors.length === 0, `the console shows errors:\n${errors.join("\n")}`);
    await page.close();
  } finally {
    program.process.kill("SIGTERM");
    await program.ended;
    rmSync(data, { recursive: true, force: true });
  }
}
