import type { ComparedNodeView, LatencyView } from "../../../src/serve/views.ts";
import { formatCount, formatDuration, formatShare } from "../lib/format.ts";
import { formatDifference, formatMs } from "../lib/latency-words.ts";
import { nodePath } from "../lib/router.ts";
import { ClientChip } from "./client-chip.tsx";
import { Link } from "./link.tsx";
import { Panel } from "./panel.tsx";
import { ScrollTable } from "./scroll-table.tsx";

/** The narrowest scale of the bars: what lies below is noise. */
const LEAST_SCALE_MS = 5;

/** Each node by itself: its own bias as a bar, and what it had of all that any node had. */
export function NodeBiases({ view }: { view: LatencyView }) {
  const known = view.nodes.flatMap(({ bias_ms, bias_error_ms }) =>
    bias_ms === null ? [] : Math.abs(bias_ms) + 1.96 * (bias_error_ms ?? 0),
  );
  const scaleMs = Math.max(LEAST_SCALE_MS, ...known);
  const mixed = view.pairs.some(({ latency_ms }) => latency_ms === null);
  return (
    <Panel
      title="Each node by itself"
      hint={
        "Own bias: how much later than the average node it tells of what reaches all at once, by least squares over " +
        `all pairs${view.bias_topic === null ? "" : ` (${view.bias_topic})`}; the line is the 95 % interval.` +
        (mixed && known.length > 0
          ? " Some pairs' latency cannot be told from bias and is part of it: their blocks came from one side, or noise is larger."
          : "")
      }
      className="node-biases"
    >
      <ScrollTable label="Each node by itself">
        <thead>
          <tr>
            <th scope="col">Node</th>
            <th scope="col">earlier · later</th>
            {["Own bias", "Blocks", "Votes", "Echoes", "Gaps"].map((title) => (
              <th scope="col" className="right" key={title}>
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {view.nodes.map((node) => (
            <tr key={node.node}>
              <th scope="row">
                <span className="node-name">
                  <ClientChip client={node.client} />
                  <Link to={nodePath(node.node)} className="number">
                    {node.node}
                  </Link>
                </span>
              </th>
              <td>
                <BiasBar node={node} scaleMs={scaleMs} />
              </td>
              <td className="right number">
                {node.bias_ms === null ? (
                  <span className="muted">not known</span>
                ) : (
                  <>
                    {formatDifference(node.bias_ms)}
                    <span className="sub">± {formatMs(1.96 * (node.bias_error_ms ?? 0))}</span>
                  </>
                )}
              </td>
              <ShareCell had={node.blocks_seen} of={node.blocks_total} />
              <ShareCell had={node.votes_seen} of={node.votes_total} />
              <td className="right number">{node.echoes}</td>
              <td className="right number" title={formatCount(node.gaps, "gap")}>
                {node.gaps}
                {node.gap_ms > 0 && <span className="sub">{formatDuration(node.gap_ms)}</span>}
              </td>
            </tr>
          ))}
        </tbody>
      </ScrollTable>
    </Panel>
  );
}

function BiasBar({ node: { bias_ms, bias_error_ms }, scaleMs }: { node: ComparedNodeView; scaleMs: number }) {
  const x = (ms: number) => 50 + (48 * ms) / scaleMs;
  const error = 1.96 * (bias_error_ms ?? 0);
  return (
    <svg className="bias-bar" viewBox="0 0 100 16" preserveAspectRatio="none" aria-hidden="true">
      <path className="axis" d="M50 0V16" />
      {bias_ms !== null && (
        <>
          <rect
            className={bias_ms < 0 ? "bias earlier" : "bias later"}
            x={Math.min(50, x(bias_ms))}
            y="3"
            width={Math.abs(x(bias_ms) - 50)}
            height="10"
          />
          <path className="interval" d={`M${x(bias_ms - error)} 8H${x(bias_ms + error)}`} />
        </>
      )}
    </svg>
  );
}

function ShareCell({ had, of }: { had: number; of: number }) {
  if (of === 0) return <td className="right muted">–</td>;
  return (
    <td className="right number" title={`${had} of ${of}`}>
      {formatShare({ had, of })}
    </td>
  );
}
