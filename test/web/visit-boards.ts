import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Browser } from "playwright-core";
import { startProgram } from "../rigs/program.ts";
import { openPage, SCREENS, type Screen } from "./browser.ts";
import { checkBoardAddress, checkDashboard, checkDashboardList, checkPanelMenu } from "./check-boards.ts";
import { checkEditor, checkPanelEditor } from "./check-editor.ts";
import { checkExplore, checkSql } from "./check-explore.ts";
import { open } from "./checks.ts";
import { expect, type Page } from "./expect.ts";
import { untilSlot } from "./until-slot.ts";

const SCREENSHOTS = fileURLToPath(new URL("../../docs/screenshots/", import.meta.url));
/** By then the recording has told all of its faults. */
const LAST_TOLD_SLOT = 41;
/** Nobody sends of servers to the demo, and its blocks carry little. */
const SPARSE = ["servers", "local-node"];
/** What the browser itself tells of answers that a check provokes. */
const PROVOKED = /status of (?:400|422)/;

/** Works with dashboards and Explore as a user does, on the demo that it starts. Writes docs/screenshots. */
export async function visitBoards(browser: Browser): Promise<void> {
  const data = mkdtempSync(join(tmpdir(), "ethmon-web-boards-"));
  const program = startProgram(["run", "--port", "0", "--data", data, "--log-level", "warn"]);
  mkdirSync(SCREENSHOTS, { recursive: true });
  try {
    const url = (await program.url).replace(/\/$/, "");
    await untilSlot(url, LAST_TOLD_SLOT);
    for (const screen of SCREENS) await visit(browser, url, screen);
  } finally {
    program.process.kill("SIGTERM");
    await program.ended;
    rmSync(data, { recursive: true, force: true });
  }
}

async function visit(browser: Browser, url: string, screen: Screen): Promise<void> {
  const { page, errors } = await openPage(browser, screen);
  const id = `${screen.theme}-${screen.name}`;
  const shoot = (name: string) => page.screenshot({ path: `${SCREENSHOTS}${name}-${id}.png` });
  for (const dashboard of await checkDashboardList(page, url)) {
    await checkDashboard(page, { url, id: dashboard, from: "now-15m", to: "now", some: !SPARSE.includes(dashboard) });
  }
  await checkBoardAddress(page, url);
  await checkPanelMenu(page, url);
  await checkEditor(page, { url, id });
  await checkPanelEditor(page, { url, id });
  await checkExplore(page, { url, id });
  await checkSql(page, url);
  await shootOthers(page, url, shoot);
  const others = errors.filter((error) => !PROVOKED.test(error));
  expect(others.length === 0, `the console shows errors:\n${others.join("\n")}`);
  await page.close();
  process.stdout.write(`boards, ${screen.theme} ${screen.name}: dashboards, editor, Explore and SQL are in order.\n`);
}

async function shootOthers(page: Page, url: string, shoot: (name: string) => Promise<unknown>): Promise<void> {
  await open(page, `${url}/explore?from=now-5m&to=now&q=observer.name:n1`);
  await page.locator(".hits tbody tr").first().waitFor();
  await shoot("explore");
  const sql = "SELECT slot, delay_ms FROM slot WHERE delay_ms IS NOT NULL ORDER BY slot";
  await open(page, `${url}/explore/sql?${new URLSearchParams({ sql })}`);
  await page.locator(".sql-chart canvas").first().waitFor();
  await shoot("sql");
  await open(page, `${url}/dashboards/new?of=network-health`);
  await page.locator(".board-grid.editing .board-place").first().waitFor();
  await shoot("dashboard-editor");
  await open(page, `${url}/panels/block-arrival/edit?from=now-5m&to=now`);
  await page.locator(".editor-preview canvas").first().waitFor();
  await shoot("panel-editor");
}
