import { mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Browser } from "playwright-core";
import { openPage, SCREENS, type Screen } from "./browser.ts";
import { checkDashboardList, checkPanels } from "./check-boards.ts";
import { type DayRig, startDayRig } from "./day-rig.ts";
import { expect } from "./expect.ts";

const SCREENSHOTS = fileURLToPath(new URL("../../docs/screenshots/", import.meta.url));

/** Looks at every dashboard over a day of five mainnet nodes and their servers. Writes docs/screenshots. */
export async function visitDay(input: { browser: Browser; signal: AbortSignal }): Promise<void> {
  const { browser, signal } = input;
  mkdirSync(SCREENSHOTS, { recursive: true });
  const rig = await startDayRig(signal);
  try {
    for (const theme of ["light", "dark"] as const) {
      const screens = SCREENS.filter((screen) => screen.theme === theme);
      await Promise.all(screens.map((screen) => visit(browser, rig, screen)));
    }
  } finally {
    await rig.close();
  }
}

async function visit(browser: Browser, { url, startMs, endMs }: DayRig, screen: Screen): Promise<void> {
  const { page, errors } = await openPage(browser, screen);
  const [from, to] = [new Date(startMs).toISOString(), new Date(endMs).toISOString()];
  for (const id of await checkDashboardList(page, url)) {
    await checkPanels(page, { url, id, from, to, some: true });
    await page.screenshot({ path: `${SCREENSHOTS}dashboard-${id}-${screen.theme}-${screen.name}.png` });
  }
  expect(errors.length === 0, `the console shows errors:\n${errors.join("\n")}`);
  await page.close();
  process.stdout.write(`day, ${screen.theme} ${screen.name}: every dashboard is filled.\n`);
}
