import { type SyntheticEvent, useMemo, useState } from "react";
import { DelayChart } from "../charts/delay-chart.tsx";
import { formatCount, formatDelay, formatShare } from "../lib/format.ts";
import { COMPLETENESS_SLOTS, DELAY_SLOTS, delayBehind, type NodeBlock, type Share } from "../lib/node-figures.ts";
import { slotPath } from "../lib/router.ts";
import { Link } from "./link.tsx";
import { Panel } from "./panel.tsx";
import { Root } from "./root.tsx";
import { ScrollTable } from "./scroll-table.tsx";

/** How the node had the blocks of the last slots, against all nodes together. */
export function NodeBlocks(props: {
  /** Of the last `COMPLETENESS_SLOTS`, below `before`. */
  blocks: readonly NodeBlock[];
  share: Share | undefined;
  before: number;
  votes: Share | undefined;
}) {
  const { blocks, share, before, votes } = props;
  const recent = useMemo(() => blocks.filter(({ slot }) => slot >= before - DELAY_SLOTS), [blocks, before]);
  const behind = delayBehind(recent);
  const first = recent.filter((block) => block.behindMs === 0).length;
  return (
    <Panel
      title={`Blocks of the last ${DELAY_SLOTS} slots`}
      hint="A bar a slot: how long after the first node this one had the block. Hollow: it never had it, but another node did."
      className="node-blocks"
    >
      {recent.length === 0 ? (
        <p className="empty">No node has seen a block in these slots yet.</p>
      ) : (
        <DelayChart blocks={recent} firstSlot={Math.max(0, before - DELAY_SLOTS)} lastSlot={before - 1} />
      )}
      <dl className="facts wide node-block-facts">
        <dt>completeness</dt>
        <dd>
          {share === undefined ? (
            <span className="muted">no block seen yet</span>
          ) : (
            <>
              <span className="number">{formatShare(share)}</span>{" "}
              <span className="muted">
                {share.had} of {formatCount(share.of, "block")} that any node had, last {COMPLETENESS_SLOTS} slots at
                most
              </span>
            </>
          )}
        </dd>
        <dt>behind the first</dt>
        <dd>
          {behind === undefined ? (
            <span className="muted">no other node to compare with</span>
          ) : (
            <>
              <span className="number">{formatDelay(behind.medianMs)}</span>
              <span className="muted"> median, </span>
              <span className="number">{formatDelay(behind.p90Ms)}</span>
              <span className="muted">
                {" "}
                p90; the first itself for {first} of {formatCount(behind.blocks, "block")}
              </span>
            </>
          )}
        </dd>
        <dt>votes</dt>
        <dd>
          {votes === undefined ? (
            <span className="muted">no node tells single attestations</span>
          ) : (
            <>
              <span className="number">{formatShare(votes)}</span>
              <span className="muted"> of the node with most, in the slots just over</span>
            </>
          )}
        </dd>
      </dl>
      <BlockTable blocks={recent} />
    </Panel>
  );
}

function BlockTable({ blocks }: { blocks: readonly NodeBlock[] }) {
  const [open, setOpen] = useState(false);
  return (
    <details
      className="data-table"
      onToggle={(event: SyntheticEvent<HTMLDetailsElement>) => setOpen(event.currentTarget.open)}
    >
      <summary>The same as a table</summary>
      {open && (
        <ScrollTable label="Blocks">
          <thead>
            <tr>
              <th scope="col">Slot</th>
              <th scope="col">Block</th>
              {["Seen", "Behind the first"].map((title) => (
                <th scope="col" className="right" key={title}>
                  {title}
                </th>
              ))}
              <th scope="col">First</th>
            </tr>
          </thead>
          <tbody>
            {blocks.toReversed().map((block) => (
              <tr key={block.root}>
                <th scope="row">
                  <Link to={slotPath(block.slot)} className="number">
                    {block.slot}
                  </Link>
                </th>
                <td>
                  <Root root={block.root} what="block root" />
                  {!block.canonical && <span className="muted"> left by the chain</span>}
                </td>
                <td className="right number">
                  {block.seenMs === undefined ? <span className="is-missed">never</span> : formatDelay(block.seenMs)}
                </td>
                <td className="right number">{block.behindMs === undefined ? "–" : formatDelay(block.behindMs)}</td>
                <td className="number">
                  {block.first.node} <span className="muted">{formatDelay(block.first.seenMs)}</span>
                </td>
              </tr>
            ))}
          </tbody>
        </ScrollTable>
      )}
    </details>
  );
}
