import { until } from "./checks.ts";
import { expect, type Page } from "./expect.ts";

/** The reorg of a slot is listed, can be sorted for, and opens with its branches. */
export async function checkReorgs(page: Page, slot: number, nodes: number): Promise<void> {
  const row = page.locator(".reorg-list tbody tr", {
    has: page.getByRole("link", { name: `Slot ${slot}`, exact: true }),
  });
  const told = async () => ((await row.textContent()) ?? "").endsWith(`1${nodes}/${nodes}`);
  await until(told, `the reorg of slot ${slot} is not told with depth 1 on all nodes`);
  for (const [name, sort] of [
    ["Depth", "depth"],
    ["Nodes", "nodes"],
  ] as const) {
    await page.getByRole("button", { name }).click();
    expect(new URL(page.url()).searchParams.get("sort") === sort, `the order by ${name} is not part of the address`);
    await page.locator(`th[aria-sort="descending"]`, { hasText: name }).waitFor();
  }
  await row.getByRole("link").click();
  await page.waitForURL("**/reorgs/0x*", { waitUntil: "commit" });
}

/** The reorg of the recording's late block: both branches, its delay, and a switch of each node. */
export async function checkReorg(page: Page, slot: number, nodes: number): Promise<void> {
  await page.getByRole("heading", { name: `Reorg of 1 block, slot ${slot}`, level: 1 }).waitFor();
  const tree = page.locator(".reorg-tree");
  const left = tree.getByRole("link", { name: `slot ${slot}, abandoned` });
  await until(
    async () => /first seen 1\.\d\d s, late$/.test((await left.getAttribute("aria-label")) ?? ""),
    "the abandoned block's delay is not told",
  );
  for (const [name, at] of [
    ["common ancestor", slot - 1],
    ["adopted", slot + 1],
  ] as const) {
    expect((await tree.getByRole("link", { name: `slot ${at}, ${name}` }).count()) === 1, `no block is the ${name}`);
  }
  const switches = page.locator(".reorg-switches tbody tr");
  await until(async () => (await switches.count()) === nodes, `not ${nodes} switches are told`);
  await page.getByText("a hint that is never believed").waitFor();
  await left.focus();
  await page.keyboard.press("Enter");
  await page.waitForURL(`**/slot/${slot}`, { waitUntil: "commit" });
  await page.goBack();
  await tree.waitFor();
}

/** The reorg that ended the recording's partition: two blocks left after four skipped slots. */
export async function checkPartition(page: Page): Promise<void> {
  await page.locator(".reorg-list").getByRole("link", { name: "Slots 18–19" }).click();
  const tree = page.locator(".reorg-tree");
  await tree.getByRole("link", { name: /slot 19, abandoned.* first seen/ }).waitFor();
  expect((await tree.locator(".skipped").count()) === 6, "not every skipped slot is drawn");
}
