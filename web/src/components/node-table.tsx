import { memo } from "react";
import type { GapRecord, SlotRecord } from "../../../src/events/derived.ts";
import type { NodeView } from "../../../src/serve/views.ts";
import { formatCount, formatDelay, formatDuration } from "../lib/format.ts";
import { useNowMs } from "../lib/monitor.tsx";
import { nodePath, slotPath } from "../lib/router.ts";
import { ClientChip } from "./client-chip.tsx";
import { Link } from "./link.tsx";
import { Moment } from "./moment.tsx";
import { NodeStateMark } from "./node-state.tsx";
import { Panel } from "./panel.tsx";
import { Root } from "./root.tsx";
import { ScrollTable } from "./scroll-table.tsx";

/** Each node: what it calls head, how fast it has blocks, and whether its stream can be trusted. */
export const NodeTable = memo(function NodeTable(props: {
  nodes: ReadonlyMap<string, NodeView>;
  slots: ReadonlyMap<number, SlotRecord>;
  gaps: ReadonlyMap<string, GapRecord>;
}) {
  const nowMs = useNowMs(1000);
  const nodes = [...props.nodes.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  return (
    <Panel
      title="Nodes"
      hint="Delay is that of the node's head, from its slot's start to the node's first event for it."
      className="nodes"
    >
      <ScrollTable label="Nodes">
        <thead>
          <tr>
            <th scope="col">Node</th>
            <th scope="col">Stream</th>
            <th scope="col">Head</th>
            <th scope="col" className="right">
              Delay
            </th>
            <th scope="col" className="right">
              Peers
            </th>
            <th scope="col" className="right">
              Finalized
            </th>
            <th scope="col">Gaps</th>
            <th scope="col">Last event</th>
          </tr>
        </thead>
        <tbody>
          {nodes.map((node) => (
            <NodeRow key={node.name} node={node} slots={props.slots} gaps={props.gaps} nowMs={nowMs} />
          ))}
        </tbody>
      </ScrollTable>
    </Panel>
  );
});

function NodeRow(props: {
  node: NodeView;
  slots: ReadonlyMap<number, SlotRecord>;
  gaps: ReadonlyMap<string, GapRecord>;
  nowMs: number;
}) {
  const { node, slots, gaps, nowMs } = props;
  const record = node.head === null ? undefined : slots.get(node.head.slot);
  const delayMs = record?.blocks.find(({ root }) => root === node.head?.root)?.seen_ms[node.name];
  const late = record !== undefined && delayMs !== undefined && delayMs > record.attestation_due_ms;
  return (
    <tr>
      <th scope="row">
        <span className="node-name">
          <ClientChip client={node.client} />
          <span>
            <Link to={nodePath(node.name)} className="number">
              {node.name}
            </Link>
            <span className="sub">{node.version ?? node.url}</span>
          </span>
        </span>
      </th>
      <td>
        <NodeStateMark node={node} />
        <span className="sub">
          {node.syncing
            ? "syncing"
            : node.state === "streaming"
              ? `for ${formatDuration(nowMs - node.since_ms)}`
              : (node.reason ?? "")}
        </span>
      </td>
      <td>
        {node.head === null ? (
          <span className="muted">not seen yet</span>
        ) : (
          <>
            <Link to={slotPath(node.head.slot)} className="number">
              {node.head.slot}
            </Link>
            <span className="sub">
              <Root root={node.head.root} what="head root" />
            </span>
          </>
        )}
      </td>
      <td className="right number">
        {delayMs === undefined ? (
          <span className="muted">–</span>
        ) : (
          <span className={late ? "is-late" : ""}>{formatDelay(delayMs)}</span>
        )}
      </td>
      <td className="right number">{node.peers ?? <span className="muted">–</span>}</td>
      <td className="right number">{node.finalized_epoch ?? <span className="muted">–</span>}</td>
      <td>{gapWords(node.name, gaps)}</td>
      <td>
        {node.last_event_ms === null ? (
          <span className="muted">none</span>
        ) : (
          <Moment timeMs={node.last_event_ms} nowMs={nowMs} />
        )}
      </td>
    </tr>
  );
}

function gapWords(node: string, gaps: ReadonlyMap<string, GapRecord>) {
  const own = [...gaps.values()].filter((gap) => gap.node === node);
  if (own.length === 0) return <span className="muted">none</span>;
  const lostMs = own.reduce((sum, gap) => sum + gap.to_ms - gap.from_ms, 0);
  return (
    <span className="number">
      {formatCount(own.length, "gap")}, {formatDuration(lostMs)}
    </span>
  );
}
