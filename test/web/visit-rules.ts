import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Browser } from "playwright-core";
import { startProgram } from "../rigs/program.ts";
import { openPage, SCREENS, type Screen } from "./browser.ts";
import { checkAlert, checkAppears, checkOver, checkWorse } from "./check-alerts.ts";
import {
  checkEnd,
  checkHistory,
  checkOrigins,
  checkRefusals,
  checkRestored,
  checkRuleList,
  checkTrying,
  makeRule,
  raiseSeverity,
} from "./check-rules.ts";
import { open } from "./checks.ts";
import { expect } from "./expect.ts";
import { untilSlot } from "./until-slot.ts";
import { visitOddAlerts } from "./visit-odd-alerts.ts";

const SCREENSHOTS = fileURLToPath(new URL("../../docs/screenshots/", import.meta.url));
/** By then the recording has told of faults enough for a back-test. */
const TOLD_SLOT = 24;
/** What the browser itself tells of answers that a check provokes. */
const PROVOKED = /status of (?:400|404)/;

/** Works with alerts and rules as somebody on call does, on the demo that it starts. Writes docs/screenshots. */
export async function visitRules(browser: Browser): Promise<void> {
  const data = mkdtempSync(join(tmpdir(), "ethmon-web-rules-"));
  const program = startProgram(["run", "--port", "0", "--data", data, "--log-level", "error"]);
  mkdirSync(SCREENSHOTS, { recursive: true });
  try {
    const url = (await program.url).replace(/\/$/, "");
    // Meanwhile the recording goes on.
    await visitOddAlerts(browser);
    await untilSlot(url, TOLD_SLOT);
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
  const at = { url, id, phone: screen.name === "phone", shoot };
  await checkTrying(page, at);
  await makeRule(page, at);
  await checkAppears(page, at);
  await checkAlert(page, at);
  await open(page, `${url}/rules/missed-on-${id}`);
  await checkRefusals(page, shoot);
  await raiseSeverity(page);
  await checkHistory(page, shoot);
  await checkWorse(page, at);
  await checkRuleList(page, at);
  await checkOrigins(page, url);
  await checkRestored(page, url);
  await checkEnd(page, at);
  await checkOver(page, at);
  const others = errors.filter((error) => !PROVOKED.test(error));
  expect(others.length === 0, `the console shows errors:\n${others.join("\n")}`);
  await page.close();
  process.stdout.write(
    `rules, ${id}: rules are made, tried and refused, alerts come, are silenced and acknowledged.\n`,
  );
}
