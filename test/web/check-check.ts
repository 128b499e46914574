import { until } from "./checks.ts";
import { expect, type Page } from "./expect.ts";

/** The check of the nodes was made when the page was opened first, and says of each what it gives. */
export async function checkCheck(page: Page, names: readonly string[]): Promise<void> {
  const nodes = page.locator(".checked-nodes > li");
  await until(async () => (await nodes.count()) === names.length, "not every node was checked");
  const texts = await nodes.allTextContents();
  for (const name of names) {
    const text = texts.find((one) => one.startsWith(name)) ?? "nothing";
    // In the recording's partition a node has no peers, and gives less for it.
    const holds =
      /(?:nothing found missing|gives less).*in sync.*17 of 25 topics.*8 refused, none needed now.*10 of 10/.test(text);
    expect(holds, `the check says of ${name}: ${text}`);
  }
}

/** The button makes a new check, once the pause after the one before is over. */
export async function checkCheckAgain(page: Page): Promise<void> {
  const checkedAt = () => page.locator(".check-aside time").getAttribute("datetime");
  await page.locator(".check-aside time").waitFor();
  const before = await checkedAt();
  const again = page.getByRole("button", { name: "Check again" });
  await until(() => again.isEnabled(), "the nodes cannot be checked again");
  await again.click();
  await until(async () => (await checkedAt()) !== before, "the button made no new check");
}

/** The health's explanation leads to the clock, which shows what stamps are worth and how late the program ran. */
export async function checkClock(page: Page): Promise<void> {
  await page.getByRole("button", { name: /Health of the monitor/ }).click();
  await page.locator(".popover").getByRole("link", { name: "the clock" }).click();
  await page.waitForURL("**/nodes#clock", { waitUntil: "commit" });
  const panel = page.locator(".panel.clock");
  await panel.waitFor();
  const isInView = "document.querySelector('.panel.clock').getBoundingClientRect().top < innerHeight";
  await until(async () => (await page.evaluate(isInView)) === true, "the clock is not brought into view");
  const text = (await panel.locator(".clock-figures").textContent()) ?? "";
  expect(/The program[\d.]+ ms late/.test(text) && /≤ [\d.]+ ms/.test(text), `the clock's figures say: ${text}`);
}
