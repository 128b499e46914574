import { checkAccessibility, checkPainted, checkWidth, until } from "./checks.ts";
import { expect, type Page } from "./expect.ts";

/** The Participation page as a user works with it. */
export async function checkParticipationPage(page: Page, at: { url: string; doubtful: number }): Promise<void> {
  await page.goto(`${at.url}/participation`);
  await openParticipation(page);
  await checkSeries(page, ".vote-charts", 6);
  await checkCommittees(page);
  await checkWidth(page);
  await checkAccessibility(page);
  await checkByEpoch(page);
  await checkWidth(page);
  await checkAccessibility(page);
  await checkDoubts(page, at);
}

/** Votes now and over the last epochs: figures, series and committees are there. */
export async function openParticipation(page: Page): Promise<void> {
  const figures = page.locator(".votes-page .figure-value");
  await figures.first().waitFor();
  await until(async () => /^\d/.test((await figures.first().textContent()) ?? ""), "participation is not told");
  const running = page.locator(".votes-now-slots li").first();
  await until(
    async () => /\d+ of \d+/.test((await running.textContent()) ?? ""),
    "the running slot's votes are not told",
  );
  expect((await page.locator(".vote-nodes li").count()) > 0, "no node's share of the votes is told");
  await checkPainted(page, ".vote-charts .series-face canvas");
  await checkPainted(page, ".committee-grid canvas");
}

/** Each series says its newest value in words, is painted, and shares its crosshair with the others. */
export async function checkSeries(page: Page, panel: string, charts: number): Promise<void> {
  const figures = page.locator(`${panel} .series-chart`);
  await until(async () => (await figures.count()) === charts, `${panel} has no ${charts} charts`);
  await checkPainted(page, `${panel} .series-face canvas`);
  const readouts = page.locator(`${panel} .readout`);
  const before = await readouts.last().textContent();
  expect(/^(slot|epoch) \d+ · /.test(before ?? ""), `a chart's newest value reads: ${before}`);
  const face = page.locator(`${panel} .series-face .u-over`).first();
  await face.scrollIntoViewIfNeeded();
  await face.hover({ position: { x: 20, y: 40 } });
  const places = async () => (await readouts.allTextContents()).map((text) => text.split(" · ")[0]);
  await until(async () => new Set(await places()).size === 1, "the charts do not share their crosshair");
  await page.mouse.move(0, 0);
}

/** By epoch instead of by slot; the choice is part of the address. */
async function checkByEpoch(page: Page): Promise<void> {
  await page.getByLabel("What a place on the axis is").selectOption("epoch");
  expect(new URL(page.url()).searchParams.get("by") === "epoch", "the axis is not part of the address");
  await page.getByRole("heading", { name: "By epoch" }).waitFor();
  await page.getByText("The same by epoch, as a table").click();
  const rows = page.getByRole("group", { name: "Votes by epoch" }).locator("tbody tr");
  await until(async () => (await rows.count()) > 0, "the table of epochs is empty");
}

/** The slots of the recording's partition are in doubt, and lead to their pages. */
async function checkDoubts(page: Page, { url, doubtful: slot }: { url: string; doubtful: number }): Promise<void> {
  await page.goto(`${url}/participation?epochs=64`);
  const row = page.locator(".doubts tbody tr", { has: page.getByRole("link", { name: String(slot), exact: true }) });
  await row.waitFor();
  expect((await row.locator(".share-list li").count()) === 2, `slot ${slot} does not name two heads`);
  await row.getByRole("link", { name: String(slot), exact: true }).click();
  await page.waitForURL(`**/slot/${slot}`, { waitUntil: "commit" });
  const panel = page.locator(".slot-votes");
  await until(
    async () => ((await panel.textContent()) ?? "").includes("Heads voted for"),
    "the slot's votes are not told",
  );
}

async function checkCommittees(page: Page): Promise<void> {
  const grid = page.getByRole("slider", { name: /Votes by slot and committee/ });
  await checkPainted(page, ".committee-grid canvas");
  await grid.focus();
  await page.keyboard.press("End");
  // The newest committees are told two slots after their own.
  for (let step = 0; step < 4; step += 1) await page.keyboard.press("ArrowLeft");
  const told = async () => (await grid.getAttribute("aria-valuetext")) ?? "";
  await until(async () => /committee 0: .* of \d+ validators?$/.test(await told()), "a committee's votes are not told");
  await page.keyboard.press("ArrowDown");
  expect((await told()).includes("committee 1"), "ArrowDown does not lead to the next committee");
  const slot = Number(await grid.getAttribute("aria-valuenow"));
  await page.keyboard.press("Enter");
  await page.waitForURL(`**/slot/${slot}`, { waitUntil: "commit" });
  await page.goBack();
  await grid.waitFor();
}
