import { checkAccessibility, checkWidth, open, until } from "./checks.ts";
import { expect, type Page } from "./expect.ts";

type At = { url: string; id: string; shoot(name: string): Promise<unknown> };

/** The rules that there are, narrowed by words, and a rule switched off and on. */
export async function checkRuleList(page: Page, { url, id, shoot }: At): Promise<void> {
  await open(page, `${url}/rules`);
  const row = page.locator(".rule-row", { hasText: titleOf(id) });
  await row.waitFor();
  await row.getByText(/^checked /).waitFor();
  await checkWidth(page);
  await checkAccessibility(page);
  await shoot("rules");
  const all = await page.locator(".rule-row").count();
  await page.getByRole("searchbox", { name: "Search the rules" }).fill(titleOf(id));
  await until(async () => (await page.locator(".rule-row").count()) === 1, "the search finds more than the rule");
  expect(new URL(page.url()).searchParams.get("q") === titleOf(id), "the search is not part of the address");
  await page.getByRole("searchbox", { name: "Search the rules" }).fill("");
  await until(async () => (await page.locator(".rule-row").count()) === all, "not all rules came back");
  const active = row.getByRole("switch");
  await active.press("Space");
  await row.and(page.locator(".inactive")).waitFor();
  expect((await active.getAttribute("aria-checked")) === "false", "the switch says that it is checked");
  await active.press("Space");
  await row.and(page.locator(":not(.inactive)")).waitFor();
}

export function titleOf(id: string): string {
  return `Missed on ${id}`;
}

/** A rule is made of a template by keyboard and form alone: every second, whatever the search finds. */
export async function makeRule(page: Page, { url, id }: Pick<At, "url" | "id">): Promise<void> {
  await open(page, `${url}/rules`);
  await page.getByRole("link", { name: "New rule" }).click();
  await checkAccessibility(page);
  await page.getByRole("link", { name: "Search with a threshold" }).click();
  await page.getByLabel("Title", { exact: true }).fill("");
  await page.getByText("It needs an id").first().waitFor();
  await page.getByLabel("Title", { exact: true }).fill(titleOf(id));
  await page.getByLabel("Every", { exact: true }).fill("1s");
  await threshold(page).fill("none");
  await page.getByText("A number, not “none”: 3 still counts.").waitFor();
  await threshold(page).fill("0");
  await checkWidth(page);
  await checkAccessibility(page);
  await page.getByRole("button", { name: "Save the rule" }).click();
  await page.waitForURL(`**/rules/missed-on-${id}`, { waitUntil: "commit" });
  await page.getByRole("heading", { name: titleOf(id), level: 1 }).waitFor();
}

const threshold = (page: Page) => page.getByLabel("hits.total is at least").first();

/** Broken JSON is told with its line, what the monitor refuses at the key that it means; discarding brings the rule back. */
export async function checkRefusals(page: Page, shoot: At["shoot"]): Promise<void> {
  await page.getByRole("button", { name: "JSON", exact: true }).click();
  const json = page.getByLabel("The watch, in Elasticsearch Watcher's JSON");
  const own = await json.inputValue();
  await json.fill(own.replace('"condition": {', '"condition": ['));
  await page.locator(".watch-problem", { hasText: "This is no JSON" }).waitFor();
  await page.locator(".json-gutter .bad").waitFor();
  await json.fill(own.replace('"gte": 0', '"more": 0'));
  await page.getByRole("button", { name: "Save", exact: true }).click();
  const problem = page.locator(".watch-problem", { hasText: "more" });
  await problem.waitFor();
  const place = (await problem.locator("code").textContent()) ?? "";
  expect(place.startsWith("condition.compare"), `the refusal stands at ${place}`);
  await page.getByRole("button", { name: "Show it in the JSON" }).click();
  const chosen = String(await page.evaluate("getSelection()?.toString() ?? ''"));
  expect(chosen.includes("more"), `what is selected is ${JSON.stringify(chosen)}`);
  await page.locator(".schema-help", { hasText: "is as much or more" }).waitFor();
  await checkWidth(page);
  await checkAccessibility(page);
  await shoot("rule-json");
  await page.getByRole("button", { name: "Discard" }).click();
  await until(async () => (await json.inputValue()) === own, "discarding did not bring the rule back");
  await page.getByRole("button", { name: "Form", exact: true }).click();
}

/** A severity is edited by the form and saved; the next check takes it. */
export async function raiseSeverity(page: Page): Promise<void> {
  const step = page.locator(".severity-steps li").first();
  await step.getByLabel("hits.total is at least").fill("0");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await until(async () => (await page.locator(".save-bar").count()) === 0, "the change was not saved");
}

/** What was met stands in the history, and opens its record. */
export async function checkHistory(page: Page, shoot: At["shoot"]): Promise<void> {
  await page.evaluate("scrollTo(0, 0)");
  await shoot("rule");
  const first = page.locator(".history-list details").first();
  await first.waitFor();
  await first.locator("summary").click();
  await first.locator(".record-view").getByText("Met", { exact: true }).waitFor();
  await checkAccessibility(page);
}

/** A new rule is tried before it is saved: what it would tell now, and what it would have told. */
export async function checkTrying(page: Page, { url, shoot }: At): Promise<void> {
  await open(page, `${url}/rules/new?template=late-block`);
  const delay = page.getByLabel("ethereum.delay_ms is at least");
  await delay.fill("1");
  const test = page.getByRole("region", { name: "Test now" });
  await test.getByLabel("as if the condition were met").check();
  await test.getByRole("button", { name: "Test", exact: true }).click();
  await test.getByText(/^Block of slot \d+ came late$/).waitFor();
  await test.getByText("would be done").first().waitFor();
  const past = page.getByRole("region", { name: "Back-test" });
  await past.getByText("1 h").click();
  await past.getByRole("button", { name: "Back-test" }).click();
  await past.getByText(/^It would have fired \d+ times? in/).waitFor();
  await past.locator(".backtest-chart svg .firing-mark").first().waitFor({ state: "attached" });
  expect((await past.locator("tbody tr").count()) > 0, "no firing stands in the table");
  await past.getByText("What limits it").waitFor();
  await checkWidth(page);
  await checkAccessibility(page);
  await past.evaluate((panel) => panel.scrollIntoView({ block: "start" }));
  await shoot("rule-backtest");
  await delay.fill("100000");
  await past.getByRole("button", { name: "Back-test" }).click();
  await past.getByText("It would not have fired once").waitFor();
}

/** A panel and a search become rules. */
export async function checkOrigins(page: Page, url: string): Promise<void> {
  await open(page, `${url}/rules/new?panel=block-arrival`);
  await page.getByText("It begins as a rule of the panel").waitFor();
  await page.getByRole("button", { name: "JSON", exact: true }).click();
  const json = page.getByLabel("The watch, in Elasticsearch Watcher's JSON");
  expect((await json.inputValue()).includes('"indices"'), "the rule of a panel looks at no index");
  await open(page, `${url}/rules/none-of-this-name`);
  await page.getByText("There is no such rule").waitFor();
  await checkAccessibility(page);
}

/** A shipped rule is saved over, and as it was shipped again. */
export async function checkRestored(page: Page, url: string): Promise<void> {
  await open(page, `${url}/rules/late-blocks`);
  const title = page.getByLabel("Title", { exact: true });
  const shipped = await title.inputValue();
  const origin = (words: string) => page.locator(".page-head .origin", { hasText: words });
  await origin("shipped").waitFor();
  await title.fill("Saved over");
  await page.getByText("Changed: the shipped one can be restored.").waitFor();
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await origin("changed").waitFor();
  await page.getByRole("heading", { name: "Saved over", level: 1 }).waitFor();
  await page.getByRole("button", { name: "Restore the shipped one" }).click();
  await page.getByText("Your changes are gone then.").waitFor();
  await page.getByRole("button", { name: "Restore the shipped one" }).click();
  await origin("shipped").waitFor();
  await until(async () => (await title.inputValue()) === shipped, "the form still shows what was saved over");
}

/** A rule is copied as a new one, whose id must be another; and deleted. */
export async function checkEnd(page: Page, { url, id }: Pick<At, "url" | "id">): Promise<void> {
  await open(page, `${url}/rules/missed-on-${id}`);
  await page.getByRole("link", { name: "Copy as new" }).click();
  await page.getByText(`a copy of “${titleOf(id)}”`).waitFor();
  await page.getByLabel("Id, in its address").fill(`missed-on-${id}`);
  await page.getByRole("button", { name: "Save the rule" }).click();
  await page.getByText(`There is a rule missed-on-${id} already`).waitFor();
  page.once("dialog", (dialog) => void dialog.accept());
  await open(page, `${url}/rules/missed-on-${id}`);
  await page.getByRole("button", { name: "Delete" }).click();
  await page.getByText("The rule is gone then").waitFor();
  await page.getByRole("button", { name: "Delete" }).click();
  await page.waitForURL("**/rules", { waitUntil: "commit" });
  await page.locator(".rules-page h1").waitFor();
  expect((await page.getByText(titleOf(id), { exact: true }).count()) === 0, "the deleted rule is still listed");
}
