import type { GapRecord, SlotBlock, SlotRecord } from "../../../src/events/derived.ts";
import type { ReorgRecord } from "../../../src/events/reorg.ts";
import { formatCount, formatDelay, formatDuration, formatList, formatUtcTime } from "../lib/format.ts";
import { nodePath, reorgPath, slotPath } from "../lib/router.ts";
import { Icon } from "./icons.tsx";
import { Link } from "./link.tsx";
import { Panel } from "./panel.tsx";
import { Root } from "./root.tsx";
import { SlotGlyph } from "./slot-glyph.tsx";

/** What sets a slot apart: blocks of other branches, reorgs and gaps that touch it. Nothing when all is well. */
export function SlotBranches(props: {
  record: SlotRecord;
  reorgs: readonly ReorgRecord[];
  gaps: readonly GapRecord[];
}) {
  const { record, reorgs, gaps } = props;
  const told = reorgs.filter((reorg) => !reorg.withdrawn);
  const blocks = record.blocks.length > 1 || record.blocks.some((block) => !block.canonical) ? record.blocks : [];
  return (
    <Panel title="Branches, reorgs and gaps" className="slot-branches">
      {blocks.length + told.length + gaps.length === 0 && (
        <p className="empty">One block at most, no reorg, no gap in any node's events.</p>
      )}
      <ul className="touched">
        {blocks.map((block) => (
          <Branch key={block.root} block={block} />
        ))}
        {told.map((reorg) => (
          <Reorg key={reorg.id} reorg={reorg} />
        ))}
        {gaps.map((gap) => (
          <li key={`${gap.node} ${gap.from_ms}`}>
            <span className="kind gap">
              <Icon name="gap" />
            </span>
            <div>
              <Link to={nodePath(gap.node)} className="number">
                {gap.node}
              </Link>{" "}
              sent nothing for {formatDuration(gap.to_ms - gap.from_ms)}
              <span className="sub">
                {formatUtcTime(gap.from_ms, "ms")} to {formatUtcTime(gap.to_ms, "ms")} UTC, cause: {gap.cause}
              </span>
            </div>
          </li>
        ))}
      </ul>
    </Panel>
  );
}

function Branch({ block }: { block: SlotBlock }) {
  const seen = Object.entries(block.seen_ms).sort(([, a], [, b]) => a - b);
  return (
    <li>
      <SlotGlyph look={block.canonical ? "proposed" : "orphaned"} />
      <div>
        {block.canonical ? "Canonical block " : "Block that the chain left "}
        <Root root={block.root} what="block root" />
        <span className="sub">
          parent <Root root={block.parent_root} what="parent root" />
          {block.parent_inferred && " (inferred)"}; seen{" "}
          {formatList(seen.map(([node, ms]) => `${formatDelay(ms)} on ${node}`)) || "by no node"}
        </span>
      </div>
    </li>
  );
}

function Reorg({ reorg }: { reorg: ReorgRecord }) {
  const depthHints = [...new Set(Object.values(reorg.depth_hints))];
  return (
    <li>
      <span className="kind reorg">
        <Icon name="reorg" />
      </span>
      <div>
        <Link to={reorgPath(reorg.id)}>Reorg of {formatCount(reorg.depth, "block")}</Link> at slot{" "}
        <Link to={slotPath(reorg.slot)} className="number">
          {reorg.slot}
        </Link>{" "}
        on {formatList(reorg.nodes)}
        <span className="sub">
          left{" "}
          {reorg.abandoned.map(({ slot, root }) => (
            <span key={root}>
              <Link to={slotPath(slot)} className="number">
                {slot}
              </Link>{" "}
              <Root root={root} what="abandoned root" />{" "}
            </span>
          ))}
          for <Root root={reorg.new_head} what="new head root" />
          {reorg.common_ancestor !== null && (
            <>
              , common ancestor <Root root={reorg.common_ancestor} what="ancestor root" />
            </>
          )}
        </span>
        <span className="sub">
          {reorg.switches.map(({ node, at_ms }) => `${node} ${formatUtcTime(at_ms, "ms")}`).join(", ")} UTC
          {depthHints.length > 0 && `; depth as the nodes told it: ${depthHints.join(", ")}`}
          {reorg.inferred && "; a parent was inferred"}
        </span>
      </div>
    </li>
  );
}
