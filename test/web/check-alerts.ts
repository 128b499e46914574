import { titleOf } from "./check-rules.ts";
import { checkAccessibility, checkWidth, open, until } from "./checks.ts";
import { expect, type Page } from "./expect.ts";

type At = { url: string; id: string; phone: boolean; shoot(name: string): Promise<unknown> };

const ALERT = /^Slots missed within ten minutes: \d+$/;

/** What a rule finds appears while one looks, and is counted on every page. */
export async function checkAppears(page: Page, { url, id, phone }: Omit<At, "shoot">): Promise<void> {
  await open(page, `${url}/alerts?rule=missed-on-${id}`);
  await page.getByRole("link", { name: ALERT }).waitFor();
  const count = phone ? page.locator(".topbar .badge") : page.locator(".rail .badge");
  await count.waitFor();
  await page.locator(".alert-filters .narrows").waitFor();
  await page.getByLabel("Severity").selectOption("emergency");
  await page.getByText("Nothing of this is open.").waitFor();
  await page.getByRole("button", { name: "Show all" }).click();
  await page.locator(".alert-row.open").first().waitFor();
}

/** An alert in full, as somebody on call has it: what it means, who was told, silenced, acknowledged. */
export async function checkAlert(page: Page, { url, id, shoot }: At): Promise<void> {
  await open(page, `${url}/alerts?rule=missed-on-${id}`);
  await page.getByRole("link", { name: ALERT }).click();
  await page.waitForURL("**/alerts/missed-on-**", { waitUntil: "commit" });
  const detail = page.locator(".alert-detail");
  await detail.getByRole("heading", { name: ALERT, level: 1 }).waitFor();
  await detail.getByText("Whether their proposers have something in common").waitFor();
  await detail.getByText("It began:").waitFor();
  await detail.locator(".message.good", { hasText: "delivered" }).first().waitFor();
  await checkWidth(page);
  await checkAccessibility(page);
  await shoot("alert");
  await checkSilence(page, id);
  await detail.getByRole("button", { name: "Acknowledge" }).click();
  await detail.getByText(/Acknowledged at/).waitFor();
  await checkAccessibility(page);
}

async function checkSilence(page: Page, id: string): Promise<void> {
  await page.locator(".alert-detail").getByRole("button", { name: "Silence…" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByText("own", { exact: true }).click();
  await dialog.getByLabel("Hours").fill("forever");
  await dialog.getByText("A number of hours, 720 at most").waitFor();
  expect(await dialog.getByRole("button", { name: "Silence" }).isDisabled(), "a silence without an end can be made");
  await dialog.getByText("4 h", { exact: true }).click();
  await dialog.getByLabel("Why").fill("Client update");
  await checkAccessibility(page);
  await dialog.getByRole("button", { name: "Silence" }).click();
  await page.locator(".silence-words", { hasText: `nobody is told of ${titleOf(id)} (Client update)` }).waitFor();
}

/** Once it is worse it is open again, and red; the silence is listed and ended. */
export async function checkWorse(page: Page, at: At): Promise<void> {
  const { url, id, phone, shoot } = at;
  await open(page, `${url}/alerts`);
  const row = page.locator(".alert-row.open", { hasText: titleOf(id) });
  await row.locator(".severity.high").waitFor();
  await row.getByText(/silenced until/).waitFor();
  await page.locator(phone ? ".topbar .badge.loud" : ".rail .badge.loud").waitFor();
  expect(/^\(\d+\) Alerts/.test(await page.title()), `the page's title is ${await page.title()}`);
  await checkWidth(page);
  await checkAccessibility(page);
  await shoot("alerts");
  const silences = page.getByRole("region", { name: "Silences" });
  await silences.getByText("Client update").waitFor();
  await silences.getByRole("button", { name: `End now the silence of ${titleOf(id)}` }).click();
  await silences.getByText("Client update").waitFor({ state: "detached" });
  await until(async () => (await row.getByText(/silenced until/).count()) === 0, "the alert is still called silenced");
}

/** A rule that is gone leaves its alerts over; an address that no alert has says so. */
export async function checkOver(page: Page, { url, id }: Pick<At, "url" | "id">): Promise<void> {
  await open(page, `${url}/alerts?rule=missed-on-${id}`);
  await page.locator(".alert-row.over").getByRole("link", { name: ALERT }).first().waitFor();
  await page.getByText("Nothing of this is open.").waitFor();
  await open(page, `${url}/alerts/none/0000000000000000/1`);
  await page.getByText("There is no such alert").waitFor();
  await checkAccessibility(page);
}
