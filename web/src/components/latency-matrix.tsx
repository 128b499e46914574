import type { CSSProperties } from "react";
import type { LatencyView } from "../../../src/serve/views.ts";
import { certaintyOf, formatDifference, formatMs, pairOf, pairSentence } from "../lib/latency-words.ts";
import { nodePath } from "../lib/router.ts";
import { ClientChip } from "./client-chip.tsx";
import { Link } from "./link.tsx";
import { Panel } from "./panel.tsx";
import { ScrollTable } from "./scroll-table.tsx";

/** The deepest tint, percent of the colour: text stands readable on it in both themes. */
const DEEPEST = 42;

/** Every node against every other: how much later the column's node told of the same blocks than the row's. */
export function LatencyMatrix({ view }: { view: LatencyView }) {
  const names = view.nodes.map(({ node }) => node);
  return (
    <Panel
      title="Between nodes"
      hint="How much later the column's node told of the same blocks than the row's, in the median. Paler is less sure; below: half of there and back between the two, where it can be told from their own biases."
      className="latency-matrix"
    >
      {names.length < 2 ? (
        <p className="empty">It takes two nodes to compare: {names.length === 0 ? "none" : "one"} was heard then.</p>
      ) : (
        <ScrollTable label="Differences between nodes">
          <thead>
            <tr>
              <td className="muted">row, then column</td>
              {names.map((name) => (
                <th scope="col" className="number" key={name}>
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {view.nodes.map(({ node, client }) => (
              <tr key={node}>
                <th scope="row">
                  <span className="node-name">
                    <ClientChip client={client} />
                    <Link to={nodePath(node)} className="number">
                      {node}
                    </Link>
                  </span>
                </th>
                {names.map((column) => (
                  <Cell key={column} view={view} row={node} column={column} />
                ))}
              </tr>
            ))}
          </tbody>
        </ScrollTable>
      )}
    </Panel>
  );
}

function Cell({ view, row, column }: { view: LatencyView; row: string; column: string }) {
  if (row === column) return <td className="matrix-cell self" />;
  const seen = pairOf(view, row, column);
  if (seen === undefined) {
    return (
      <td className="matrix-cell muted" title={`${row} and ${column} have no block in common`}>
        –
      </td>
    );
  }
  const { pair, laterMs } = seen;
  const tint = `${Math.round(DEEPEST * Math.max(0, 2 * certaintyOf(pair) - 1))}%`;
  const side = pair.below_error ? "even" : laterMs < 0 ? "earlier" : "later";
  return (
    <td
      className={`matrix-cell ${side}`}
      style={{ "--tint": tint } as CSSProperties}
      title={pairSentence(seen, row, column)}
    >
      <span className="number">
        {pair.below_error && <span title="within its error">≈ </span>}
        {formatDifference(laterMs)}
      </span>
      <span className="sub number">± {formatMs(pair.error_ms)}</span>
      {pair.latency_ms !== null && <span className="sub">{formatMs(pair.latency_ms)} apart</span>}
    </td>
  );
}
