import { checkPainted, until } from "./checks.ts";
import { expect, type Page } from "./expect.ts";

/** Every node of the demo streams, has blocks and is measured; a card leads to its node. */
export async function checkNodes(page: Page, names: readonly string[]): Promise<void> {
  const cards = page.locator(".node-card");
  await cards.first().waitFor();
  const shown = await cards.locator("h2").allTextContents();
  expect(shown.join() === names.join(), `the cards are of ${shown.join(", ")} instead of ${names.join(", ")}`);
  expect((await page.locator(".node-card .state.streaming").count()) === names.length, "a node does not stream");
  await until(async () => (await cards.getByText("/ s").count()) === names.length, "the events a second are not told");
  const rows = page.locator(".node-comparison tbody tr");
  expect((await rows.count()) === names.length, "not every node stands side by side");
  for (const row of await rows.allTextContents()) {
    expect(/\d %.*\d\.\d\d s.*streaming/.test(row), `completeness, delay or topics are missing of ${row}`);
  }
  await checkPainted(page, ".gap-strip canvas");
}

/** The hours that the gaps are shown over are part of the address. */
export async function checkHours(page: Page): Promise<void> {
  await page.getByLabel("Hours to show").selectOption("24");
  expect(new URL(page.url()).searchParams.get("hours") === "24", "the chosen hours are not in the address");
  await page.reload();
  await page.locator(".gap-strip canvas").first().waitFor();
  expect((await page.getByLabel("Hours to show").inputValue()) === "24", "a reload forgot the chosen hours");
}

/** A node's own page: its blocks, gaps and topics; the arrow keys lead to the other nodes. */
export async function checkNode(page: Page, names: readonly string[]): Promise<void> {
  const [first, second] = names;
  await page.locator(".node-card h2 a").first().click();
  await page.waitForURL(`**/nodes/${first}`, { waitUntil: "commit" });
  await page.getByRole("heading", { name: `Node ${first}` }).waitFor();
  await checkPainted(page, ".delay-chart canvas");
  await checkPainted(page, ".gap-strip canvas");
  const topics = await page.locator(".topics tbody").first().textContent();
  expect(topics?.includes("block_gossip") === true, "block_gossip is not among the topics that stream");
  await page.locator(".node-blocks summary").click();
  const blocks = page.locator(".node-blocks tbody tr");
  await until(async () => (await blocks.count()) > 8, "the table of blocks is empty");
  await page.keyboard.press("ArrowRight");
  await page.waitForURL(`**/nodes/${second}`, { waitUntil: "commit" });
  await page.getByRole("heading", { name: `Node ${second}` }).waitFor();
}

/** A node that nobody can reach says so in its own sentence, though no network is known. */
export async function checkUnreached(page: Page, name: string): Promise<void> {
  const card = page.locator(".node-card.down");
  await card.waitFor();
  const text = (await card.textContent()) ?? "";
  expect(text.includes(name) && text.includes("nothing listens there"), `the card of ${name} says: ${text}`);
  await page.goto(page.url().replace(/\/nodes$/, `/nodes/${name}`));
  await page.getByRole("heading", { name: `Node ${name}` }).waitFor();
}
