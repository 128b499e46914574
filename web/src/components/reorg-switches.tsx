import { useMemo } from "react";
import type { ReorgRecord } from "../../../src/events/reorg.ts";
import type { NetworkView, NodeView } from "../../../src/serve/views.ts";
import { SwitchStrip } from "../charts/switch-strip.tsx";
import { useLaneNodes } from "../charts/use-lane-nodes.ts";
import { formatDelay, formatList, formatUtcTime } from "../lib/format.ts";
import { slotAt, slotStartMs } from "../lib/slot-clock.ts";
import { Panel } from "./panel.tsx";
import { Root } from "./root.tsx";
import { ScrollTable } from "./scroll-table.tsx";

/** Which node left the branch when, and what each said of the depth. */
export function ReorgSwitches(props: {
  reorg: ReorgRecord;
  network: NetworkView;
  nodes: ReadonlyMap<string, NodeView>;
}) {
  const { reorg, network, nodes } = props;
  // A node that is no longer configured has its lane too.
  const names = [...new Set([...nodes.keys(), ...reorg.nodes])];
  const lanes = useLaneNodes(names.map((name) => ({ name, client: nodes.get(name)?.client ?? null })));
  const times = useMemo(() => reorg.switches.toSorted((a, b) => a.at_ms - b.at_ms), [reorg]);
  return (
    <Panel
      title="Who switched when"
      hint="A lane a node, a tick where its head moved to the other branch; the first in the slot's time, the others after it."
      className="reorg-switches"
    >
      {times.length > 0 && <SwitchStrip network={network} nodes={lanes} switches={times} />}
      <ScrollTable label="Who switched when">
        <thead>
          <tr>
            <th scope="col">Node</th>
            <th scope="col">Switched, UTC</th>
            <th scope="col">In slot</th>
            <th scope="col" className="right">
              After the first
            </th>
            <th scope="col">From</th>
            <th scope="col">To</th>
            <th scope="col" className="right">
              Its own depth
            </th>
          </tr>
        </thead>
        <tbody>
          {times.map(({ node, at_ms, old_head, new_head }) => (
            <tr key={`${node} ${at_ms}`}>
              <th scope="row" className="number">
                {node}
              </th>
              <td className="number">{formatUtcTime(at_ms, "ms")}</td>
              <td className="number">{slotAndSecond(network, at_ms)}</td>
              <td className="right number">{at_ms === reorg.at_ms ? "first" : formatDelay(at_ms - reorg.at_ms)}</td>
              <td>
                <Root root={old_head} what="head root before" />
              </td>
              <td>
                <Root root={new_head} what="head root after" />
              </td>
              <td className="right number">{reorg.depth_hints[node] ?? <span className="muted">not told</span>}</td>
            </tr>
          ))}
        </tbody>
      </ScrollTable>
      <p className="hint depth-words">{depthWords(reorg)}</p>
    </Panel>
  );
}

function slotAndSecond(network: NetworkView, timeMs: number): string {
  const slot = slotAt(network, timeMs);
  return `${slot} + ${formatDelay(timeMs - slotStartMs(network, slot))}`;
}

/** The nodes' own depth beside ours. */
function depthWords({ depth, depth_hints }: ReorgRecord): string {
  const hints = Map.groupBy(Object.keys(depth_hints).sort(), (node) => depth_hints[node]);
  const says = [...hints].map(([hint, nodes]) => `${formatList(nodes)} ${nodes.length === 1 ? "says" : "say"} ${hint}`);
  const ours = `Depth ${depth} is computed here: abandoned blocks, skipped slots not counted.`;
  if (says.length === 0) return `${ours} No node told one of its own.`;
  return `${ours} By chain_reorg ${formatList(says)}: a hint that is never believed, since clients count it differently.`;
}
