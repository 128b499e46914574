/**
 * Looks at the pages of a running monitor with Debian's Chromium: both themes, desk and phone; console errors, axe,
 * keyboard, clicks. Writes docs/screenshots. Without `--url` it starts the program with its demo.
 */
import { existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import type { Browser } from "playwright-core";
import { startProgram } from "../rigs/program.ts";
import { launchBrowser, openPage, SCREENS, type Screen } from "./browser.ts";
import { checkBlocksPage, openBlocks } from "./check-blocks.ts";
import { checkHours, checkNode, checkNodes, checkUnreached } from "./check-nodes.ts";
import { checkParticipationPage, openParticipation } from "./check-participation.ts";
import { checkReorg, checkReorgs, openPartition } from "./check-reorgs.ts";
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

const WEB_PAGES = fileURLToPath(new URL("../../dist/web/index.html", import.meta.url));
const SCREENSHOTS = fileURLToPath(new URL("../../docs/screenshots/", import.meta.url));
/** The bundled recording: its late block is in slot 10 and is left by the chain, its withheld one in slot 37. */
const TOLD_SLOT = 10;
const LAST_TOLD_SLOT = 41;
const WITHHELD_SLOT = 37;
/** In its partition the nodes' validators vote for two heads. */
const DOUBTFUL_SLOT = 13;
const NODES = ["n1", "n2", "n3"];
/** No service has this port. */
const UNREACHED = "gone=http://127.0.0.1:1";
const PHONE: Screen = { theme: "light", name: "phone", width: 390, height: 844 };

const { values: options } = parseArgs({ options: { url: { type: "string" } } });

const browser = await launchBrowser();
if (browser === undefined) {
  process.stderr.write("Chromium is missing: apt-get install chromium installs it on Debian.\n");
  process.exitCode = 1;
} else {
  try {
    if (options.url !== undefined) await lookAt(browser, options.url);
    else if (existsSync(WEB_PAGES)) await lookAtDemo(browser);
    else throw new Error("The web pages are not built: npm run build builds them.");
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
    process.exitCode = 1;
  } finally {
    await browser.close();
  }
}

async function lookAtDemo(opened: Browser): Promise<void> {
  const data = mkdtempSync(join(tmpdir(), "ethmon-web-"));
  const program = startProgram(["run", "--port", "0", "--data", data, "--log-level", "warn"]);
  try {
    await lookAt(opened, (await program.url).replace(/\/$/, ""));
  } finally {
    program.process.kill("SIGTERM");
    await program.ended;
    rmSync(data, { recursive: true, force: true });
  }
}

async function lookAt(opened: Browser, url: string): Promise<void> {
  mkdirSync(SCREENSHOTS, { recursive: true });
  await visitUnreached(opened);
  await untilSlot(url, TOLD_SLOT + 3);
  for (const screen of SCREENS) await visitPages(opened, url, screen);
  await untilSlot(url, LAST_TOLD_SLOT);
  for (const screen of SCREENS) await takeScreenshots(opened, url, screen);
}

/** Works with the pages as a user does. */
async function visitPages(opened: Browser, url: string, screen: Screen): Promise<void> {
  const { page, errors } = await openPage(opened, screen);
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
  await checkHours(page);
  await checkWidth(page);
  await checkAccessibility(page);
  await checkNode(page, NODES);
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
  await checkParticipationPage(page, { url, doubtful: DOUBTFUL_SLOT });
  await checkBlocksPage(page, { url, orphaned: TOLD_SLOT });
  await page.goto(`${url}/no/such/page`);
  await page.getByText("There is no page at this address").waitFor();
  await checkAccessibility(page);
  await page.goto(`${url}/`);
  await checkTheme(page);
  expect(errors.length === 0, `the console shows errors:\n${errors.join("\n")}`);
  await page.close();
  process.stdout.write(`${screen.theme} ${screen.name}: pages, keyboard and accessibility are in order.\n`);
}

/** A monitor whose only node is not there yet, as a newcomer meets it. */
async function visitUnreached(opened: Browser): Promise<void> {
  const data = mkdtempSync(join(tmpdir(), "ethmon-web-"));
  const program = startProgram(["run", "--port", "0", "--data", data, "--log-level", "error", "--node", UNREACHED]);
  try {
    const { page, errors } = await openPage(opened, PHONE);
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

async function takeScreenshots(opened: Browser, url: string, screen: Screen): Promise<void> {
  const { page, errors } = await openPage(opened, screen);
  for (const [name, path] of [
    ["live", "/"],
    ["slot", `/slot/${TOLD_SLOT}`],
    ["nodes", "/nodes"],
    ["reorgs", "/reorgs"],
    ["participation", "/participation"],
    ["blocks", "/blocks"],
  ] as const) {
    await page.goto(`${url}${path}`);
    if (name === "live") await checkLive(page);
    else if (name === "slot") await checkSlot(page, TOLD_SLOT);
    else if (name === "nodes") await checkNodes(page, NODES);
    else if (name === "participation") await openParticipation(page);
    else if (name === "blocks") await openBlocks(page, WITHHELD_SLOT);
    else await openPartition(page);
    await page.screenshot({ path: `${SCREENSHOTS}${name}-${screen.theme}-${screen.name}.png` });
  }
  expect(errors.length === 0, `the console shows errors:\n${errors.join("\n")}`);
  await page.close();
}

/** Waits until the monitor has a record of the slot. */
async function untilSlot(url: string, slot: number): Promise<void> {
  const deadline = performance.now() + 240_000;
  while (performance.now() < deadline) {
    const response = await fetch(`${url}/api/v1/slots?limit=1`).catch(() => undefined);
    const body = response?.ok === true ? ((await response.json()) as { slots: { slot: number }[] }) : undefined;
    if ((body?.slots[0]?.slot ?? -1) >= slot) return;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  throw new Error(`The monitor has no record of slot ${slot} after 4 minutes.`);
}
