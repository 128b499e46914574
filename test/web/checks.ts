import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { expect, type Page } from "./expect.ts";

const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

type Violation = { id: string; help: string; nodes: { target: string[]; failureSummary: string }[] };

/** Runs axe over the page as it stands. */
export async function checkAccessibility(page: Page): Promise<void> {
  // What was shown before the answer came is paler than what is.
  await until(async () => (await page.locator(".stale").count()) === 0, "the page waits for its data");
  await page.evaluate(axeSource);
  const violations = (await page.evaluate("axe.run(document).then((result) => result.violations)")) as Violation[];
  const told = violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id} (${help}) at ${target.join(" ")}: ${failureSummary}`),
  );
  expect(told.length === 0, `axe found ${told.length} violations:\n${told.join("\n")}`);
}

/** Opens a page and waits until the network is known: its clock and banner move what stands below them. */
export async function open(page: Page, url: string): Promise<void> {
  await page.goto(url);
  await page.locator(".slot-clock").waitFor();
}

/** Nothing of the page is wider than the screen. */
export async function checkWidth(page: Page): Promise<void> {
  const overflow = Number(
    await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"),
  );
  expect(overflow <= 0, `the page is ${overflow} px wider than the screen`);
}

/** The live page shows slots, nodes and a running clock. */
export async function checkLive(page: Page): Promise<void> {
  const grid = page.getByRole("slider");
  await grid.waitFor();
  const newest = Number(await grid.getAttribute("aria-valuemax"));
  expect(newest > 0, `the grid's newest slot is ${newest}`);
  expect((await page.locator(".nodes tbody tr").count()) > 0, "the table of nodes is empty");
  await checkPainted(page, ".slot-grid canvas");
  await checkPainted(page, ".strip-lanes canvas");
  const clock = page.locator(".slot-clock-seconds");
  const before = await clock.textContent();
  await until(async () => (await clock.textContent()) !== before, "the slot clock stands still");
}

/** Arrow keys move through the grid and Enter opens the slot. */
export async function checkGridKeyboard(page: Page): Promise<void> {
  const grid = page.getByRole("slider");
  await grid.focus();
  const before = Number(await grid.getAttribute("aria-valuenow"));
  await page.keyboard.press("ArrowLeft");
  const after = Number(await grid.getAttribute("aria-valuenow"));
  expect(after === before - 1, `ArrowLeft led from slot ${before} to ${after}`);
  await page.keyboard.press("Enter");
  await page.waitForURL(`**/slot/${after}`, { waitUntil: "commit" });
  await page.getByRole("heading", { name: `Slot ${after}` }).waitFor();
}

/** A click on a cell opens its slot, and the browser's way back leads to the grid. */
export async function checkGridClick(page: Page): Promise<void> {
  const box = await page.locator(".slot-grid canvas").boundingBox();
  expect(box !== null, "the grid has no place on the page");
  // The oldest epoch stands below, whose first slots may be from before the nodes were watched; those above may be to come.
  await page.locator(".slot-grid canvas").click({ position: { x: 200, y: box.height - 14 } });
  await page.waitForURL(/\/slot\/\d+$/, { waitUntil: "commit" });
  await page.goBack();
  await page.getByRole("slider").waitFor();
}

/** The slot page shows the axis, and the arrow keys lead to the neighbours. */
export async function checkSlot(page: Page, slot: number): Promise<void> {
  await page.getByRole("heading", { name: `Slot ${slot}` }).waitFor();
  await page.locator(".slot-timeline canvas").first().waitFor();
  await checkPainted(page, ".slot-timeline canvas");
  expect((await page.locator(".node-slots tbody tr").count()) > 0, "no node stands in the table");
  expect((await page.locator(".events tbody tr").count()) > 0, "no event is listed");
  await page.keyboard.press("ArrowLeft");
  await page.waitForURL(`**/slot/${slot - 1}`, { waitUntil: "commit" });
  await page.keyboard.press("ArrowRight");
  await page.waitForURL(`**/slot/${slot}`, { waitUntil: "commit" });
  await page.getByRole("heading", { name: `Slot ${slot}` }).waitFor();
}

/** The theme's switch changes the theme, and a reload keeps it. */
export async function checkTheme(page: Page): Promise<void> {
  const theme = () => page.evaluate("document.documentElement.dataset.theme");
  await page.getByRole("button", { name: /Use the .* theme/ }).click();
  const chosen = await theme();
  await page.reload();
  await page.getByRole("slider").waitFor();
  expect((await theme()) === chosen, "a reload forgot the chosen theme");
  await page.evaluate("localStorage.clear(); delete document.documentElement.dataset.theme");
  await page.reload();
}

/** Something is drawn on the first canvas of the selector. */
export async function checkPainted(page: Page, selector: string): Promise<void> {
  const pixels = `(() => {
    const canvas = document.querySelector(${JSON.stringify(selector)});
    if (canvas === null || canvas.width === 0) return false;
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    return data.some((value) => value !== 0);
  })()`;
  await until(async () => (await page.evaluate(pixels)) === true, `${selector} is not painted`);
}

/** Two networks run beside the browser. */
const UNTIL_MS = 20_000;

/** Waits for a condition of the page. */
export async function until(holds: () => Promise<boolean>, sentence: string | (() => string)): Promise<void> {
  const deadline = performance.now() + UNTIL_MS;
  while (!(await holds())) {
    expect(performance.now() < deadline, typeof sentence === "string" ? sentence : sentence());
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
