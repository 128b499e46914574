import { until } from "./checks.ts";
import { expect, type Page } from "./expect.ts";

/** Each two nodes are compared both ways round, each node has its bias, and both drawings have their tables. */
export async function checkLatency(page: Page, names: readonly string[]): Promise<void> {
  const cells = page.locator(".matrix-cell:not(.self)");
  await cells.first().waitFor();
  const texts = await cells.allTextContents();
  expect(texts.length === names.length * (names.length - 1), `${texts.length} differences are shown`);
  expect(
    texts.every((text) => /\d m?s± /.test(text)),
    `a difference or its error is missing: ${texts.join(" | ")}`,
  );
  const biases = page.locator(".node-biases tbody tr");
  await until(async () => {
    const rows = await biases.allTextContents();
    return rows.length === names.length && rows.every((row) => /\d m?s± .*\d %/.test(row));
  }, "a node's bias or completeness is not told");
  expect((await page.locator(".plot .curve").count()) === 3, "the propagation curve is not drawn");
  await page.getByLabel("Where the curve begins").selectOption("first");
  expect(new URL(page.url()).searchParams.get("curve") === "first", "the curve's beginning is not in the address");
  await page.getByLabel("Where the curve begins").selectOption("slot");
  for (const table of [".propagation", ".orphans"]) {
    await page.locator(`${table} summary`).click();
    expect((await page.locator(`${table} tbody tr`).count()) > 0, `the table of ${table} is empty`);
    await page.locator(`${table} summary`).click();
  }
}
