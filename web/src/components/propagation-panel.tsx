import type { CurvePointView, LatencyView, NetworkView } from "../../../src/serve/views.ts";
import { Plot, type PlotScale, percent } from "../charts/plot.tsx";
import { formatCount } from "../lib/format.ts";
import { formatMs } from "../lib/latency-words.ts";
import { navigate, useLocation, withQuery } from "../lib/router.ts";
import { Panel } from "./panel.tsx";
import { ScrollTable } from "./scroll-table.tsx";

const LINES = [
  { key: "share", words: "all blocks" },
  { key: "median", words: "median slot" },
  { key: "p90", words: "nine slots in ten" },
] as const;

/** Which share of the nodes had a slot's block by each moment. */
export function PropagationPanel({ view, network }: { view: LatencyView; network: NetworkView }) {
  const location = useLocation();
  const fromFirst = location.query.get("curve") === "first";
  const curve = fromFirst ? view.curves.from_first_seen : view.curves.from_slot_start;
  const { spread } = view;
  const apart =
    spread === null
      ? ""
      : ` First to last node: ${formatMs(spread.median_ms)} in the median, ${formatMs(spread.p90_ms)} p90, ${formatCount(spread.slots, "slot")}.`;
  return (
    <Panel
      title="Propagation"
      hint={`Share of the watched nodes that had a slot's block by each moment.${apart}`}
      className="propagation"
      aside={
        <div className="filters">
          <select
            aria-label="Where the curve begins"
            value={fromFirst ? "first" : "slot"}
            onChange={(event) => {
              const chosen = event.target.value === "first" ? "first" : undefined;
              navigate(withQuery(location, { curve: chosen }), { replace: true });
            }}
          >
            <option value="slot">from the slot's start</option>
            <option value="first">from the first node</option>
          </select>
        </div>
      }
    >
      {curve.length === 0 ? (
        <p className="empty">No two nodes were watched in a slot with a block.</p>
      ) : (
        <>
          <Curve curve={curve} fromFirst={fromFirst} dueMs={view.orphans.attestation_due_ms} network={network} />
          <ul className="key curve-key">
            {LINES.map(({ key, words }) => (
              <li key={key} className={key}>
                {words}
              </li>
            ))}
          </ul>
          <CurveTable curve={curve} />
        </>
      )}
    </Panel>
  );
}

function Curve(props: { curve: readonly CurvePointView[]; fromFirst: boolean; dueMs: number; network: NetworkView }) {
  const { curve, fromFirst, dueMs, network } = props;
  const lastMs = curve.at(-1)?.ms ?? 0;
  const toMs = fromFirst ? Math.max(200, lastMs) : Math.max(Math.min(dueMs * 1.1, network.slot_duration_ms), lastMs);
  return (
    <Plot
      fromMs={Math.min(0, curve[0]?.ms ?? 0)}
      toMs={toMs}
      mostShare={1}
      title={fromFirst ? "seconds since the first node had it" : "seconds since the slot's start"}
      moments={fromFirst ? [] : [{ ms: dueMs, words: "attestations due" }]}
    >
      {(scale) =>
        LINES.map(({ key }) => <path key={key} className={`curve ${key}`} d={stepsOf(curve, key, scale, toMs)} />)
      }
    </Plot>
  );
}

function stepsOf(
  curve: readonly CurvePointView[],
  key: (typeof LINES)[number]["key"],
  { time, y }: PlotScale,
  toMs: number,
): string {
  const [first] = curve;
  if (first === undefined) return "";
  const steps = curve.map((point) => `L${time.x(point.ms).toFixed(1)} ${y(point[key]).toFixed(1)}`);
  return `M${time.x(first.ms).toFixed(1)} ${y(0)}${steps.join("")}H${time.x(toMs).toFixed(1)}`;
}

function CurveTable({ curve }: { curve: readonly CurvePointView[] }) {
  return (
    <details className="data-table">
      <summary>The same as a table</summary>
      <ScrollTable label="Share of nodes by time">
        <thead>
          <tr>
            <th scope="col" className="right">
              By, ms
            </th>
            {LINES.map(({ key, words }) => (
              <th scope="col" className="right" key={key}>
                {words}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {curve.map((point) => (
            <tr key={point.ms}>
              <th scope="row" className="right number">
                {point.ms}
              </th>
              {LINES.map(({ key }) => (
                <td className="right number" key={key}>
                  {percent(point[key])}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </ScrollTable>
    </details>
  );
}
