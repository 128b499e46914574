import { readFile } from "node:fs/promises";
import { checkAccessibility, checkWidth, open, until } from "./checks.ts";
import { expect, type Page } from "./expect.ts";

/** What a panel may say instead of showing anything. */
const NO_DATA = "No data in this range.";
const SCROLL_PX = 500;

/** The ids of the dashboards that the list shows, each with a link. */
export async function checkDashboardList(page: Page, url: string): Promise<string[]> {
  await open(page, `${url}/dashboards`);
  const links = page.getByRole("region", { name: "Shipped with the monitor" }).getByRole("link");
  await links.first().waitFor();
  const paths = await links.evaluateAll((elements) => elements.map((element) => element.getAttribute("href") ?? ""));
  expect(paths.length >= 7, `${paths.length} dashboards came with the monitor`);
  await checkWidth(page);
  await checkAccessibility(page);
  return paths.map((path) => path.replace("/dashboards/", ""));
}

/** A dashboard over a range, of whose panels most have values where it has `some`. */
export type VisitedBoard = { url: string; id: string; from: string; to: string; some: boolean };

/** A dashboard is read as a user does: its panels, on every screen, and with help. */
export async function checkDashboard(page: Page, at: VisitedBoard): Promise<void> {
  await checkPanels(page, at);
  await checkAccessibility(page);
}

/** Every panel of a dashboard shows its values, or says since when there are none; most of them have some. */
export async function checkPanels(page: Page, at: VisitedBoard): Promise<void> {
  await open(page, `${at.url}/dashboards/${at.id}?from=${at.from}&to=${at.to}&refresh=0`);
  await page.locator(".board-panel").first().waitFor();
  await readThrough(page);
  const panels = page.locator(".board-panel");
  const count = await panels.count();
  const loading = page.locator(".panel-bones, .panel-body.asking");
  await until(async () => (await loading.count()) === 0, `a panel of ${at.id} waits for its answer`);
  const troubles = (await page.locator(".panel-trouble strong").allTextContents()).filter((text) => text !== NO_DATA);
  expect(troubles.length === 0, `panels of ${at.id} are in trouble: ${troubles.join(" ")}`);
  const empty = await page.locator(".board-panel .panel-trouble").count();
  expect(!at.some || empty < count / 2, `${empty} of ${count} panels of ${at.id} have no data`);
  const faces = page.locator(".chart-box:not([hidden]) .vega-face");
  await until(
    async () => (await faces.count()) === (await faces.locator("canvas").count()),
    `a chart of ${at.id} is empty`,
  );
  expect(
    (await page.locator(".board-panel .hint").count()) >= count,
    `a panel of ${at.id} does not say how it is read`,
  );
  await checkWidth(page);
}

/** Panels are asked once they come near the screen. */
async function readThrough(page: Page): Promise<void> {
  const height = Number(await page.evaluate("document.documentElement.scrollHeight"));
  for (let top = 0; top < height; top += SCROLL_PX) {
    await page.evaluate(`window.scrollTo(0, ${top})`);
    await page.evaluate("new Promise((painted) => requestAnimationFrame(() => requestAnimationFrame(painted)))");
  }
  await page.evaluate("window.scrollTo(0, 0)");
}

const CHARTED = "Late, missed and orphaned slots";

/** What a panel's menu leads to: its table, full screen, its query, and files of its values. */
export async function checkPanelMenu(page: Page, url: string): Promise<void> {
  await open(page, `${url}/dashboards/network-health?from=now-15m&to=now&refresh=0`);
  const panel = page.getByRole("region", { name: CHARTED });
  await panel.locator("canvas").first().waitFor();
  await panel.getByRole("button", { name: `${CHARTED} as a table` }).click();
  await panel.locator("tbody tr").first().waitFor();
  await checkAccessibility(page);
  await panel.getByRole("button", { name: `${CHARTED} as a table` }).click();
  const choose = async (words: string) => {
    await panel.getByRole("button", { name: `Menu of ${CHARTED}` }).click();
    await panel.getByRole("button", { name: words, exact: true }).click();
  };
  await panel.locator("canvas").first().waitFor();
  for (const [words, begin] of [
    ["Download CSV", "\uFEFFkey,doc_count"],
    ["Download JSON", "{"],
    ["Download PNG", "\u0089PNG"],
  ] as const) {
    const download = page.waitForEvent("download");
    await choose(words);
    const file = await readFile(await (await download).path(), words === "Download PNG" ? "latin1" : "utf8");
    expect(file.startsWith(begin), `${words} begins with ${JSON.stringify(file.slice(0, 20))}`);
  }
  await choose("Full screen");
  await page.locator(".board-place.full").waitFor();
  expect(new URL(page.url()).searchParams.has("full"), "the full screen is not part of the address");
  await page.keyboard.press("Escape");
  await page.locator(".board-place.full").waitFor({ state: "detached" });
  await checkQuery(page, choose);
}

/** An edited query is checked as it is written, what the store refuses stands in the panel's place, and the page lives. */
async function checkQuery(page: Page, choose: (words: string) => Promise<void>): Promise<void> {
  await choose("Query");
  const dialog = page.getByRole("dialog");
  const text = dialog.getByLabel("The panel's request");
  const own = await text.inputValue();
  await text.fill(own.slice(0, -2));
  await dialog.getByText("it ends too early").waitFor();
  expect(await dialog.getByRole("button", { name: "Run it" }).isDisabled(), "a broken query can be run");
  await checkAccessibility(page);
  const request = JSON.parse(own) as { index: string; body: object };
  await text.fill(JSON.stringify({ ...request, body: { ...request.body, query: { nonsense: {} } } }));
  await dialog.getByRole("button", { name: "Run it" }).click();
  const panel = page.getByRole("region", { name: CHARTED });
  await panel.locator(".panel-trouble", { hasText: "nonsense" }).waitFor();
  await panel.getByRole("button", { name: "Back to the panel's own" }).click();
  await panel.locator("canvas").first().waitFor();
}

/** The range and what is narrowed to stand in the address, and a reload keeps them. */
export async function checkBoardAddress(page: Page, url: string): Promise<void> {
  await open(page, `${url}/dashboards/local-node`);
  const range = page.getByRole("group", { name: "Time range" });
  await range.getByRole("button", { name: "Last 24 hours" }).click();
  await checkAccessibility(page);
  await range.getByRole("button", { name: "Last 5 minutes" }).click();
  await page.getByRole("button", { name: /^Node/ }).click();
  await page.getByRole("checkbox", { name: /^n2/ }).check();
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Pause refreshing" }).click();
  await page.getByRole("button", { name: "Go on refreshing" }).waitFor();
  const query = new URL(page.url()).searchParams;
  expect(query.get("from") === "now-5m" && query.get("node") === "n2", `the address is ${page.url()}`);
  await page.reload();
  await range.getByRole("button", { name: "Last 5 minutes" }).waitFor();
  await page.getByRole("button", { name: /^Node\s*n2/ }).waitFor();
  await range.getByRole("button", { name: "Earlier" }).click();
  await until(
    async () => /^\d{4}-/.test(new URL(page.url()).searchParams.get("from") ?? ""),
    "a step back does not lead to an earlier range",
  );
}
