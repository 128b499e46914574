import type { LatencyView } from "../../../src/serve/views.ts";
import { Plot, percent } from "../charts/plot.tsx";
import { tickLabel } from "../charts/time-scale.ts";
import { formatCount } from "../lib/format.ts";
import { Panel } from "./panel.tsx";
import { ScrollTable } from "./scroll-table.tsx";

type Bin = LatencyView["orphans"]["bins"][number];

/** The probability of a block's being orphaned by when the first node had it. */
export function OrphanPanel({ orphans }: { orphans: LatencyView["orphans"] }) {
  const { bins, attestation_due_ms: dueMs } = orphans;
  const blocks = bins.reduce((sum, bin) => sum + bin.blocks, 0);
  const orphaned = bins.reduce((sum, bin) => sum + bin.orphaned, 0);
  return (
    <Panel
      title="Orphaned by arrival"
      hint={
        `Share of the blocks that the chain left, by their earliest arrival on any node, with the 95 % interval (Wilson). ` +
        `${formatCount(blocks, "block")}, of these ${orphaned} orphaned; few blocks make long intervals.`
      }
      className="orphans"
    >
      {bins.length === 0 ? (
        <p className="empty">No block was judged in that time.</p>
      ) : (
        <>
          <OrphanChart bins={bins} dueMs={dueMs} />
          <OrphanTable bins={bins} dueMs={dueMs} />
        </>
      )}
    </Panel>
  );
}

function OrphanChart({ bins, dueMs }: { bins: readonly Bin[]; dueMs: number }) {
  const fromMs = Math.min(0, (bins[0]?.from_ms ?? 0) + dueMs);
  const toMs = Math.max(dueMs * 1.25, (bins.at(-1)?.to_ms ?? 0) + dueMs);
  return (
    <Plot
      fromMs={fromMs}
      toMs={toMs}
      mostShare={1}
      title="earliest arrival, seconds since the slot's start"
      moments={[{ ms: dueMs, words: "attestations due" }]}
    >
      {({ time, y }) =>
        bins.map((bin) => {
          const x = time.x((bin.from_ms + bin.to_ms) / 2 + dueMs);
          return (
            <g key={bin.from_ms} className={bin.orphaned > 0 ? "bin some" : "bin"}>
              <path d={`M${x} ${y(bin.low)}V${y(bin.high)}M${x - 4} ${y(bin.low)}h8M${x - 4} ${y(bin.high)}h8`} />
              <circle cx={x} cy={y(bin.share)} r="4" />
            </g>
          );
        })
      }
    </Plot>
  );
}

function OrphanTable({ bins, dueMs }: { bins: readonly Bin[]; dueMs: number }) {
  return (
    <details className="data-table">
      <summary>The same as a table</summary>
      <ScrollTable label="Orphaned blocks by arrival">
        <thead>
          <tr>
            <th scope="col">Arrival, s</th>
            {["Blocks", "Orphaned", "Share", "Interval"].map((title) => (
              <th scope="col" className="right" key={title}>
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {bins.map((bin) => (
            <tr key={bin.from_ms}>
              <th scope="row" className="number">
                {tickLabel(bin.from_ms + dueMs)} to {tickLabel(bin.to_ms + dueMs)}
              </th>
              <td className="right number">{bin.blocks}</td>
              <td className="right number">{bin.orphaned}</td>
              <td className="right number">{percent(bin.share)}</td>
              <td className="right number">
                {percent(bin.low)} to {percent(bin.high)}
              </td>
            </tr>
          ))}
        </tbody>
      </ScrollTable>
    </details>
  );
}
