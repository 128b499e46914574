import { useMemo } from "react";
import type { ReorgRecord } from "../../../src/events/reorg.ts";
import { BRANCH_WORDS, isLate, ReorgTreeView } from "../charts/reorg-tree-view.tsx";
import { formatDelay } from "../lib/format.ts";
import type { LiveState } from "../lib/live-state.ts";
import { type ReorgTree, reorgTree } from "../lib/reorg-tree.ts";
import { slotPath } from "../lib/router.ts";
import { useReorgSlots } from "../lib/use-reorgs.ts";
import { Link } from "./link.tsx";
import { Panel } from "./panel.tsx";
import { Root } from "./root.tsx";
import { ScrollTable } from "./scroll-table.tsx";
import { SlotGlyph } from "./slot-glyph.tsx";

/** Both branches drawn from their common ancestor, and each block's arrival on each node. */
export function ReorgBranches({ reorg, state }: { reorg: ReorgRecord; state: LiveState }) {
  const stored = useReorgSlots(state, reorg);
  const slots = stored.kind === "ready" ? stored.answer : state.slots;
  const tree = useMemo(() => reorgTree(reorg, slots), [reorg, slots]);
  const ancestorKnown = tree.blocks.some(({ branch }) => branch === "ancestor");
  return (
    <Panel
      title="Both branches"
      hint="A column a slot; under each block when the first node had it. A dotted cell is a slot without a block of that branch."
      className="reorg-branches"
    >
      <ReorgTreeView tree={tree} />
      {stored.kind === "failed" && (
        <p className="empty">The delays could not be read. {stored.sentence} The page tries again.</p>
      )}
      {stored.kind === "ready" && !ancestorKnown && (
        <p className="empty">The slot of the common ancestor is not stored: the branches begin where they parted.</p>
      )}
      <ul className="key" aria-label="Key to the branches">
        <li>
          <SlotGlyph look="proposed" />
          adopted; faint: the ancestor, and what was built since
        </li>
        <li>
          <SlotGlyph look="late" />
          late
        </li>
        <li>
          <SlotGlyph look="orphaned" />
          abandoned
        </li>
        <li>
          <SlotGlyph look="unknown" />
          no block
        </li>
      </ul>
      <BlockTable tree={tree} nodes={[...state.nodes.keys()].sort()} />
    </Panel>
  );
}

function BlockTable({ tree, nodes }: { tree: ReorgTree; nodes: readonly string[] }) {
  return (
    <ScrollTable label="Blocks of both branches">
      <thead>
        <tr>
          <th scope="col">Slot</th>
          <th scope="col">Branch</th>
          <th scope="col">Block</th>
          {nodes.map((node) => (
            <th scope="col" className="right number" key={node}>
              {node}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {tree.blocks.map((block) => (
          <tr key={block.root}>
            <th scope="row">
              <Link to={slotPath(block.slot)} className="number">
                {block.slot}
              </Link>
            </th>
            <td>
              {BRANCH_WORDS[block.branch]}
              {isLate(block) && <span className="is-late"> late</span>}
            </td>
            <td>
              <Root root={block.root} what="block root" />
            </td>
            {nodes.map((node) => (
              <Seen key={node} ms={block.seenMs[node]} dueMs={block.attestationDueMs} />
            ))}
          </tr>
        ))}
      </tbody>
    </ScrollTable>
  );
}

function Seen({ ms, dueMs }: { ms: number | undefined; dueMs: number | undefined }) {
  if (ms === undefined) return <td className="right muted">not seen</td>;
  return (
    <td className={dueMs !== undefined && ms > dueMs ? "right number is-late" : "right number"}>{formatDelay(ms)}</td>
  );
}
