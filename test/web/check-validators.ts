import { until } from "./checks.ts";
import { expect, type Page } from "./expect.ts";

/** Each labelled group has its row. */
export async function checkGroups(page: Page, groups: readonly string[]): Promise<void> {
  const rows = page.locator(".group-table tbody tr");
  await until(async () => (await rows.count()) === groups.length, `not ${groups.length} groups are told`);
  for (const group of groups) await rows.getByRole("link", { name: group, exact: true }).waitFor();
}

/** The groups of the demo, of which each misses something, and the frozen node's faults with their cause. */
export async function checkValidators(page: Page, groups: readonly string[]): Promise<void> {
  await checkGroups(page, groups);
  await page.getByRole("link", { name: "n2", exact: true }).click();
  await page.waitForURL("**/validators/n2", { waitUntil: "commit" });
  await page.getByRole("heading", { name: "Faults of n2" }).waitFor();
  const fault = page.locator(".fault", { hasText: "n2 said nothing in slot 11 while other nodes went on." });
  await until(async () => (await fault.count()) === 1, "the frozen node's fault in slot 11 is not told once");
  const text = (await fault.textContent()) ?? "";
  for (const words of ["2 votes missed", "yours: offline", "Validators 23, 25"]) {
    expect(text.includes(words), `the fault does not say "${words}": ${text}`);
  }
  expect((await page.locator(".validators-with-faults tbody tr").count()) > 2, "no validator is listed");
}

/** Without a label file the page says how to write one. */
export async function checkUnlabelled(page: Page): Promise<void> {
  await page.getByText("No validators are labelled as yours").waitFor();
  await page.getByText("1200-1299 home @lighthouse-1").waitFor();
}

/** A fault leads to its slot, and the way back to the group; the span is part of the address. */
export async function checkFaultLink(page: Page): Promise<void> {
  await page.locator(".fault", { hasText: "n2 said nothing in slot 11" }).click();
  await page.waitForURL("**/slot/11", { waitUntil: "commit" });
  await page.goBack();
  await page.getByRole("heading", { name: "Faults of n2" }).waitFor();
  await page.getByRole("link", { name: "32 epochs" }).click();
  await page.waitForURL("**/validators/n2?epochs=32", { waitUntil: "commit" });
  await page.locator('.spans a[aria-current="page"]', { hasText: "32 epochs" }).waitFor();
}
