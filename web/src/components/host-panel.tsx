import type { HostsAnswer, NodeView } from "../../../src/serve/views.ts";
import { formatUtcTime } from "../lib/format.ts";
import { anyCame, formatBytes, formatPercent } from "../lib/host-words.ts";
import type { Stored } from "../lib/use-stored.ts";
import { HostCard } from "./host-card.tsx";
import { HowToSend } from "./how-to-send.tsx";
import { Headings, OpenTable } from "./open-table.tsx";
import { Panel } from "./panel.tsx";

const FIGURES = ["CPU", "Waiting", "Memory", "Load", "Received", "Sent"];

/** How each node's servers are doing, and how the last hour was. */
export function HostPanel({ stored, nodes }: { stored: Stored<HostsAnswer>; nodes: ReadonlyMap<string, NodeView> }) {
  return (
    <Panel
      title="Servers"
      hint="What shippers on the nodes' servers tell: the newest figure, and the last hour from left to right; shares reach from none to all."
      className="hosts"
    >
      {stored.kind === "loading" && <p className="empty">Being read.</p>}
      {stored.kind === "failed" && <p className="empty">{stored.sentence} The page tries again by itself.</p>}
      {stored.kind === "ready" && !anyCame(stored.answer) && <HowToSend when="in the last hour" />}
      {stored.kind === "ready" && anyCame(stored.answer) && (
        <>
          <div className="host-cards">
            {stored.answer.nodes.map((node) => (
              <HostCard
                key={node.node}
                node={node}
                client={nodes.get(node.node)?.client ?? null}
                span={{ fromMs: stored.answer.from_ms, toMs: stored.answer.to_ms, stepMs: stored.answer.step_ms }}
              />
            ))}
          </div>
          <OpenTable
            label="The servers over the last hour"
            head={<Headings first="Server" figures={["From, UTC", ...FIGURES]} />}
            rows={() => rowsOf(stored.answer)}
          />
        </>
      )}
    </Panel>
  );
}

function rowsOf({ nodes }: HostsAnswer) {
  const share = (value: number | null) => (value === null ? "–" : formatPercent(value));
  const rate = (value: number | null) => (value === null ? "–" : `${formatBytes(value)}/s`);
  return nodes.flatMap(({ node, hosts }) =>
    hosts.flatMap(({ host, shipper, points }) =>
      points.toReversed().map((point) => (
        <tr key={`${node} ${host} ${shipper} ${point.at_ms}`}>
          <th scope="row">
            <span className="number">{node}</span>
            <span className="sub">{host}</span>
          </th>
          {[
            formatUtcTime(point.at_ms),
            share(point.cpu_share),
            share(point.iowait_share),
            share(point.memory_share),
            point.load_1 === null ? "–" : point.load_1.toFixed(2),
            rate(point.in_bytes_per_s),
            rate(point.out_bytes_per_s),
          ].map((text, column) => (
            <td className="right number" key={["From", ...FIGURES][column]}>
              {text}
            </td>
          ))}
        </tr>
      )),
    ),
  );
}
