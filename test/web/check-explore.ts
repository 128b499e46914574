import { checkAccessibility, checkWidth, open, until } from "./checks.ts";
import { expect, type Page } from "./expect.ts";

const found = (page: Page) => page.locator(".found h2");

/** How many documents the search found. */
async function countOf(page: Page): Promise<number> {
  return Number(/\d+/.exec((await found(page).textContent()) ?? "")?.[0] ?? Number.NaN);
}

/** A search as a user makes it: completed words, filters from a document, columns, a span of time, and what is made of it. */
export async function checkExplore(page: Page, at: { url: string; id: string }): Promise<void> {
  const { url, id } = at;
  await open(page, `${url}/explore?from=now-15m&to=now`);
  await page.locator(".hits tbody tr").first().waitFor();
  const all = await countOf(page);
  await checkWidth(page);
  await checkAccessibility(page);
  await checkCompletion(page);
  await until(async () => (await countOf(page)) < all, "the query narrows nothing");
  await page
    .getByRole("button", { name: /^Document / })
    .first()
    .click();
  const detail = page.locator(".document-detail").first();
  await detail.getByRole("button", { name: /^Only with observer.name/ }).click();
  await page.locator(".chip", { hasText: "observer.name" }).waitFor();
  await page.locator(".chip button").first().click();
  await page.locator(".chip.negated").waitFor();
  await page.getByText("No document fits").waitFor();
  await page.locator(".chip button").first().click();
  const documents = page.getByRole("button", { name: /^Document / });
  await documents.first().waitFor();
  if ((await documents.first().getAttribute("aria-expanded")) === "false") await documents.first().click();
  await detail.getByRole("button", { name: "Show ethereum.slot as a column" }).click();
  await detail.getByRole("button", { name: "As JSON" }).click();
  await detail.locator("pre").waitFor();
  await page
    .locator(".hits th", { hasText: "ethereum.slot" })
    .getByRole("button", { name: "ethereum.slot" })
    .first()
    .click();
  await page.locator('.hits th[aria-sort="descending"]', { hasText: "ethereum.slot" }).waitFor();
  await checkWidth(page);
  await checkAccessibility(page);
  await checkShared(page);
  await checkSaved(page, id);
  await checkRule(page);
  await checkMore(page, url);
  await checkZoom(page);
  await page.getByRole("button", { name: "Make…" }).click();
  await page.getByRole("link", { name: "Panel: documents over time" }).click();
  await page.waitForURL("**/panels/new?**", { waitUntil: "commit" });
  await page.getByRole("region", { name: "Preview" }).locator("canvas").first().waitFor();
}

/** A field's name and one of its values are completed as they are written, by keyboard. */
async function checkCompletion(page: Page): Promise<void> {
  const query = page.getByRole("combobox", { name: "Query" });
  await query.click();
  await query.pressSequentially("observer.na");
  const choices = page.getByRole("option");
  await choices.filter({ hasText: "observer.name" }).first().waitFor();
  await checkAccessibility(page);
  await query.press("ArrowDown");
  await query.press("Enter");
  expect((await query.inputValue()) === "observer.name:", `the field became ${await query.inputValue()}`);
  await query.pressSequentially("n");
  await choices.filter({ hasText: /^n\d/ }).first().waitFor();
  await query.press("ArrowDown");
  await query.press("Enter");
  await query.press("Enter");
  await until(
    async () => /^observer\.name:n\d/.test(new URL(page.url()).searchParams.get("q") ?? ""),
    "the query is not part of the address",
  );
}

/** The address is all of the search. */
async function checkShared(page: Page): Promise<void> {
  const before = await countOf(page);
  await page.reload();
  await page.locator(".hits th", { hasText: "ethereum.slot" }).waitFor();
  await page.locator(".chip").waitFor();
  expect((await countOf(page)) >= before, "a reload finds less");
}

async function checkSaved(page: Page, id: string): Promise<void> {
  const address = new URL(page.url()).searchParams.get("q");
  await page.getByRole("button", { name: "Save search" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Title").fill(`Heads ${id}`);
  await checkAccessibility(page);
  await dialog.getByRole("button", { name: "Save" }).click();
  await dialog.waitFor({ state: "detached" });
  await page.getByRole("combobox", { name: "Query" }).fill("");
  await page.getByRole("combobox", { name: "Query" }).press("Enter");
  await page.getByRole("button", { name: "Saved searches" }).click();
  await page.getByRole("button", { name: new RegExp(`^Heads ${id}`) }).click();
  await until(async () => new URL(page.url()).searchParams.get("q") === address, "the saved search does not come back");
  await page.getByRole("button", { name: "Saved searches" }).click();
  await page.getByRole("button", { name: `Remove the saved search Heads ${id}` }).click();
  await page.getByRole("button", { name: `Remove the saved search Heads ${id}` }).waitFor({ state: "detached" });
  await page.keyboard.press("Escape");
}

/** The search becomes a rule, on the page where rules are made. */
async function checkRule(page: Page): Promise<void> {
  const address = page.url();
  await page.getByRole("button", { name: "Make…" }).click();
  await page.getByRole("link", { name: "Rule", exact: true }).click();
  await page.getByText("It begins as a rule of a search").waitFor();
  await page.getByRole("button", { name: "JSON", exact: true }).click();
  const rule = JSON.parse(await page.getByLabel("The watch, in Elasticsearch Watcher's JSON").inputValue()) as {
    input: { search: { request: { indices: string[] } } };
  };
  expect(rule.input.search.request.indices.length > 0, "the rule looks at no index");
  await open(page, address);
  await page.locator(".hits tbody tr").first().waitFor();
}

/** Pages of documents follow each other without one twice. */
async function checkMore(page: Page, url: string): Promise<void> {
  await open(page, `${url}/explore?from=now-15m&to=now`);
  const buttons = page.getByRole("button", { name: /^Document / });
  await until(async () => (await buttons.count()) === 100, "the first page has no hundred documents");
  await page.getByRole("button", { name: /^More: 100/ }).click();
  await until(async () => (await buttons.count()) > 100, "no more documents came");
}

/** A span that is dragged, and one of the table beside it, become the range. */
async function checkZoom(page: Page): Promise<void> {
  const face = page.locator(".time-histogram svg");
  await face.scrollIntoViewIfNeeded();
  const box = await face.boundingBox();
  expect(box !== null, "the histogram has no place on the page");
  const y = box.y + 60;
  await page.mouse.move(box.x + box.width * 0.6, y);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.95, y, { steps: 4 });
  await page.mouse.up();
  const from = () => new URL(page.url()).searchParams.get("from") ?? "";
  await until(async () => /^\d{4}-/.test(from()), "a dragged span does not become the range");
  const dragged = from();
  await page.getByText("The same as a table").click();
  await page
    .getByRole("button", { name: /^Only from/ })
    .last()
    .click();
  await until(async () => from() !== dragged, "a span of the table does not become the range");
}

/** SQL reads: its rows are a table, a chart and a file; what it cannot do is told. */
export async function checkSql(page: Page, url: string): Promise<void> {
  await open(page, `${url}/explore/sql`);
  const text = page.getByLabel(/^A SELECT/);
  await text.fill("SELECT slot, proposer_index FROM slot ORDER BY slot DESC LIMIT 20");
  await text.press("Control+Enter");
  await page.getByRole("heading", { name: /^\d+ rows/ }).waitFor();
  await page.locator(".sql-chart canvas").first().waitFor();
  await checkWidth(page);
  await checkAccessibility(page);
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: "Download CSV" }).click();
  expect((await download).suggestedFilename().endsWith(".csv"), "the rows are no CSV");
  for (const [sql, words] of [
    ["SELECT nonsense FROM slot", "nonsense"],
    ["DELETE FROM slot", "SELECT"],
  ] as const) {
    await text.fill(sql);
    await page.getByRole("button", { name: "Run" }).click();
    await page.locator(".panel-trouble", { hasText: words }).waitFor();
  }
}
