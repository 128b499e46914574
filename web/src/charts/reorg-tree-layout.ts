import type { BranchName, ReorgTree, TreeBlock } from "../lib/reorg-tree.ts";

/** Where the parts of a reorg's tree stand: one column a slot, the adopted branch above the abandoned one; CSS pixels. */
export type TreeLayout = {
  columnWidth: number;
  left: number;
  width: number;
  height: number;
  /** Middle of a slot's column. */
  x(slot: number): number;
  /** Middle of a branch's cells. */
  y(branch: BranchName): number;
  /** Lower end of the lanes: the axis of slots. */
  axisY: number;
};

/** Left of the first column: the names of the branches. */
const LABELS_PX = 92;
const NARROWEST_PX = 52;
const WIDEST_PX = 96;
const UPPER_Y = 26;
const LOWER_Y = 104;
const AXIS_Y = 156;
const HEIGHT = 182;

/** Columns fill `width` up to a limit; more slots than fit make the tree wider than that, to be scrolled. */
export function treeLayout(tree: Pick<ReorgTree, "firstSlot" | "lastSlot">, width: number): TreeLayout {
  const columns = tree.lastSlot - tree.firstSlot + 1;
  const columnWidth = Math.min(WIDEST_PX, Math.max(NARROWEST_PX, (width - LABELS_PX) / columns));
  return {
    columnWidth,
    left: LABELS_PX,
    width: Math.max(width, LABELS_PX + columns * columnWidth),
    height: HEIGHT,
    x: (slot) => LABELS_PX + (slot - tree.firstSlot + 0.5) * columnWidth,
    y: (branch) => (branch === "abandoned" ? LOWER_Y : UPPER_Y),
    axisY: AXIS_Y,
  };
}

/** The links between blocks as the `d` of paths; the one to the first abandoned block leads down. */
export function treeEdges(tree: ReorgTree, layout: TreeLayout): { id: string; branch: BranchName; d: string }[] {
  const trunk: Pick<TreeBlock, "slot" | "branch"> = tree.blocks.find(({ branch }) => branch === "ancestor") ?? {
    slot: tree.firstSlot,
    branch: "ancestor",
  };
  const upper = tree.blocks.filter(({ branch }) => branch === "adopted" || branch === "after");
  const lower = tree.blocks.filter(({ branch }) => branch === "abandoned");
  return [upper, lower].flatMap((blocks) =>
    blocks.map((block, index) => {
      const from = blocks[index - 1] ?? trunk;
      const [x1, y1] = [layout.x(from.slot), layout.y(from.branch)];
      const [x2, y2] = [layout.x(block.slot), layout.y(block.branch)];
      const bend = x1 + layout.columnWidth;
      const d =
        y1 === y2 ? `M${x1} ${y1}H${x2}` : `M${x1} ${y1}C${bend} ${y1} ${x1} ${y2} ${bend} ${y2}H${Math.max(bend, x2)}`;
      return { id: block.root, branch: block.branch, d };
    }),
  );
}
