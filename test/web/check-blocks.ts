import { checkSeries } from "./check-participation.ts";
import { checkAccessibility, checkPainted, checkWidth, until } from "./checks.ts";
import { expect, type Page } from "./expect.ts";

/** The Blocks page as a user works with it. */
export async function checkBlocksPage(page: Page, at: { url: string }): Promise<void> {
  await page.goto(`${at.url}/blocks?epochs=64`);
  const rows = page.locator(".block-list tbody tr");
  await until(async () => (await rows.count()) > 8, "the table of blocks is empty");
  await page.locator(".block-list tbody tr", { hasText: "orphaned" }).first().waitFor();
  await checkSeries(page, ".block-charts", 6);
  await checkSorts(page);
  await checkStrip(page);
  await checkWidth(page);
  await checkAccessibility(page);
}

/** The newest blocks are there, and among them a slot without one as what it is. */
export async function openBlocks(page: Page, missed: number): Promise<void> {
  await until(
    async () => ((await rowOf(page, missed).textContent()) ?? "").includes("no node saw a block"),
    `slot ${missed} is not shown as missed`,
  );
  await checkPainted(page, ".block-strip canvas");
  await checkPainted(page, ".block-charts .series-face canvas");
}

function rowOf(page: Page, slot: number) {
  return page.locator(".block-list tbody tr", { has: page.getByRole("link", { name: String(slot), exact: true }) });
}

/** The table sorts by its figures; the order is part of the address. */
async function checkSorts(page: Page): Promise<void> {
  for (const [name, sort] of [
    ["Transactions", "transactions"],
    ["Gas", "fullness"],
  ] as const) {
    await page.locator(".block-list").getByRole("button", { name }).click();
    expect(new URL(page.url()).searchParams.get("sort") === sort, `the order by ${name} is not part of the address`);
    await page.locator(`.block-list th[aria-sort="descending"]`, { hasText: name }).waitFor();
  }
}

/** Arrow keys move along the strip, and Enter opens the slot with what stands in its block. */
async function checkStrip(page: Page): Promise<void> {
  const strip = page.getByRole("slider", { name: /Newest blocks/ });
  await strip.focus();
  await page.keyboard.press("Home");
  await page.keyboard.press("ArrowRight");
  const slot = Number(await strip.getAttribute("aria-valuenow"));
  expect(
    /^slot \d+, \w+/.test((await strip.getAttribute("aria-valuetext")) ?? ""),
    "the strip does not read a slot out",
  );
  await page.keyboard.press("Enter");
  await page.waitForURL(`**/slot/${slot}`, { waitUntil: "commit" });
  await page.getByRole("heading", { name: `Slot ${slot}` }).waitFor();
  await page.goBack();
  await strip.waitFor();
}
