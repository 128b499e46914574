import type { BranchName, ReorgTree, TreeBlock } from "../lib/reorg-tree.ts";

/** Where the parts of a reorg's tree stand: one column a slot, the adopted branch above the abandoned one; CSS pixels. */
export type TreeLayout = {
  columnWidth: number;
  left: number;
  /** Right end of the last column. */
  right: number;
  width: number;
  height: number;
  /** Middle of a slot's column. */
  x(slot: number): number;
  /** Middle of a branch's cells. */
  y(branch: BranchName): number;
  /** Top of a branch's name: left of its lane, or above it where the screen is narrow. */
  labelY(branch: BranchName): number;
  /** Lower end of the lanes: the axis of slots. */
  axisY: number;
};

const NARROW_PX = 520;
/** Left of the first column: the names of the branches. */
const LABELS_PX = 92;
/** Above a lane: the name of its branch on a narrow screen. */
const LABEL_ROW_PX = 24;
const LEAST_COLUMN_PX = 46;
const WIDEST_PX = 96;
/** Half a cell, whose delay stands below it. */
const CELL_PX = 14;
const LANE_PX = 78;
const AXIS_PX = 26;

/** Columns fill `width` up to a limit; more slots than fit make the tree wider than that, to be scrolled. */
export function treeLayout(tree: Pick<ReorgTree, "firstSlot" | "lastSlot">, width: number): TreeLayout {
  const columns = tree.lastSlot - tree.firstSlot + 1;
  const narrow = width < NARROW_PX;
  const left = narrow ? 0 : LABELS_PX;
  const labelRow = narrow ? LABEL_ROW_PX : 0;
  const columnWidth = Math.min(WIDEST_PX, Math.max(LEAST_COLUMN_PX, (width - left) / columns));
  const laneTop = (branch: BranchName) => (branch === "abandoned" ? LANE_PX + labelRow : 0);
  const axisY = laneTop("abandoned") + labelRow + LANE_PX - CELL_PX;
  return {
    columnWidth,
    left,
    right: left + columns * columnWidth,
    width: Math.max(width, left + columns * columnWidth),
    height: axisY + AXIS_PX,
    x: (slot) => left + (slot - tree.firstSlot + 0.5) * columnWidth,
    y: (branch) => laneTop(branch) + labelRow + CELL_PX,
    labelY: laneTop,
    axisY,
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
