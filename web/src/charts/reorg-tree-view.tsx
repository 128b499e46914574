import { type CSSProperties, memo, useRef } from "react";
import { Link } from "../components/link.tsx";
import { SlotGlyph } from "../components/slot-glyph.tsx";
import { formatDelay, shortRoot } from "../lib/format.ts";
import { type BranchName, firstSeenMs, type ReorgTree, skippedSlots, type TreeBlock } from "../lib/reorg-tree.ts";
import { slotPath } from "../lib/router.ts";
import { treeEdges, treeLayout } from "./reorg-tree-layout.ts";
import { useWidth } from "./use-width.ts";

export const BRANCH_WORDS: Readonly<Record<BranchName, string>> = {
  ancestor: "common ancestor",
  abandoned: "abandoned",
  adopted: "adopted",
  after: "built on it since",
};

const LABELS = [
  { branch: "adopted", words: "adopted" },
  { branch: "abandoned", words: "abandoned" },
] as const;

/** Both branches from the common ancestor on an axis of slots; each block is a link to its slot. */
export const ReorgTreeView = memo(function ReorgTreeView({ tree }: { tree: ReorgTree }) {
  const box = useRef<HTMLDivElement>(null);
  const width = useWidth(box);
  const layout = treeLayout(tree, width);
  const slots = Array.from({ length: tree.lastSlot - tree.firstSlot + 1 }, (_, index) => tree.firstSlot + index);
  const at = (slot: number, branch: BranchName): CSSProperties => ({
    left: layout.x(slot) - layout.columnWidth / 2,
    top: layout.y(branch) - 14,
    width: layout.columnWidth,
  });
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset groups fields, not a drawing
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls sideways and must be reachable by keyboard
    <div className="reorg-tree" ref={box} role="group" aria-label="Both branches by slot" tabIndex={0}>
      {width > 0 && (
        <div className="reorg-tree-face" style={{ width: layout.width, height: layout.height }}>
          <svg width={layout.width} height={layout.height} aria-hidden="true">
            {treeEdges(tree, layout).map(({ id, branch, d }) => (
              <path key={id} className={`tree-edge ${branch}`} d={d} />
            ))}
            <path className="tree-axis" d={`M${layout.left} ${layout.axisY + 0.5}H${layout.right}`} />
            {slots.map((slot) => (
              <path key={slot} className="tree-axis" d={`M${layout.x(slot)} ${layout.axisY}v4`} />
            ))}
          </svg>
          {LABELS.map(({ branch, words }) => (
            <span className={`tree-label ${branch}`} key={branch} style={{ top: layout.labelY(branch) }}>
              {words}
            </span>
          ))}
          {LABELS.flatMap(({ branch }) =>
            skippedSlots(tree, branch).map((slot) => (
              <span className="tree-cell skipped" key={`${branch} ${slot}`} style={at(slot, branch)} title="no block">
                <span className="tree-glyph">
                  <SlotGlyph look="unknown" />
                </span>
              </span>
            )),
          )}
          {tree.blocks.map((block) => (
            <Block key={block.root} block={block} style={at(block.slot, block.branch)} />
          ))}
          {slots.map((slot) => (
            <span
              className="tree-slot number"
              key={slot}
              style={{
                left: layout.x(slot) - layout.columnWidth / 2,
                top: layout.axisY + 5,
                width: layout.columnWidth,
              }}
            >
              {slot}
            </span>
          ))}
        </div>
      )}
    </div>
  );
});

function Block({ block, style }: { block: TreeBlock; style: CSSProperties }) {
  const seenMs = firstSeenMs(block);
  const late = isLate(block);
  const seen = seenMs === undefined ? "" : `, first seen ${formatDelay(seenMs)}${late ? ", late" : ""}`;
  return (
    <span className="tree-place" style={style}>
      <Link
        to={slotPath(block.slot)}
        className={`tree-cell ${block.branch}`}
        label={`slot ${block.slot}, ${BRANCH_WORDS[block.branch]}, block ${shortRoot(block.root)}${seen}`}
      >
        <span className="tree-glyph">
          <SlotGlyph look={block.branch === "abandoned" ? "orphaned" : late ? "late" : "proposed"} />
        </span>
        <span className={late ? "number is-late" : "number"}>{seenMs === undefined ? "–" : formatDelay(seenMs)}</span>
      </Link>
    </span>
  );
}

export function isLate(block: TreeBlock): boolean {
  const seenMs = firstSeenMs(block);
  return seenMs !== undefined && block.attestationDueMs !== undefined && seenMs > block.attestationDueMs;
}
