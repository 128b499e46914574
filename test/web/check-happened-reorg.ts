import type { TrueReorg, Truth } from "../e2e/truth.ts";
import { until } from "./checks.ts";
import { expect, type Page } from "./expect.ts";

export function deepestOf({ reorgs }: Truth): TrueReorg {
  const [deepest] = reorgs.toSorted((a, b) => b.depth - a.depth);
  expect(deepest !== undefined, "the partition made no reorg: nothing was proven");
  return deepest;
}

/** The reorg is listed, and opens with both branches and with who left the one for the other. */
export async function checkHappenedReorg(input: {
  page: Page;
  reorg: TrueReorg;
  /** How many there are. */
  nodes: number;
}): Promise<void> {
  const { page, reorg, nodes } = input;
  const { firstAbandoned, slot, depth } = reorg;
  const link = page.locator(`a[href^="/reorgs/${firstAbandoned}"]`);
  const row = page.locator(".reorg-list tbody tr", { has: link });
  await row.waitFor();
  const words = (await row.textContent()) ?? "";
  expect(
    words.endsWith(`${depth}${reorg.nodes.length}/${nodes}`),
    `the list says of the reorg of slot ${slot}: ${words}`,
  );
  await row.getByRole("link").click();
  await page.waitForURL(`**/reorgs/${firstAbandoned}*`, { waitUntil: "commit" });
  await page.getByRole("heading", { name: `Reorg of ${depth} block` }).waitFor();

  const { abandoned, adopted } = reorg;
  const tree = page.locator(".reorg-tree");
  await tree.locator(".tree-cell.abandoned").first().waitFor();
  const shown = async (classes: string) => {
    const cells = await tree.locator(classes).all();
    const labels = await Promise.all(cells.map((cell) => cell.getAttribute("aria-label")));
    return labels.map((label) =>
      /^slot (\d+), .*block (0x[0-9a-f]{4})/
        .exec(label ?? "")
        ?.slice(1)
        .join(" "),
    );
  };
  const text = (blocks: readonly { slot: number; root: string }[]) =>
    blocks.map((block) => `${block.slot} ${block.root.slice(0, 6)}`);
  const left = (await shown(".tree-cell.abandoned")).join(", ");
  expect(left === text(abandoned).join(", "), `left were ${text(abandoned).join(", ")}; the tree shows ${left}`);
  const lastAbandoned = abandoned.at(-1)?.slot ?? slot;
  for (const block of text(adopted.filter((one) => one.slot <= lastAbandoned))) {
    const isShown = async () => (await shown(".tree-cell.adopted, .tree-cell.after")).includes(block);
    await until(isShown, `block ${block} of the branch that was taken is not in the tree`);
  }
  const switched = page.locator(".reorg-switches tbody th");
  await switched.first().waitFor();
  const who = [...new Set(await switched.allTextContents())].toSorted().join();
  expect(who === reorg.nodes.join(), `${reorg.nodes.join()} switched; the page names ${who}`);
  await page.goBack();
}
