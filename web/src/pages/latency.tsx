import type { LatencyView, NetworkView } from "../../../src/serve/views.ts";
import { LatencyMatrix } from "../components/latency-matrix.tsx";
import { Link } from "../components/link.tsx";
import { NodeBiases } from "../components/node-biases.tsx";
import { Notice } from "../components/notice.tsx";
import { OrphanPanel } from "../components/orphan-panel.tsx";
import { PropagationPanel } from "../components/propagation-panel.tsx";
import { LatencySkeleton } from "../components/skeleton.tsx";
import { formatCount, formatUtc } from "../lib/format.ts";
import { stampsSentence } from "../lib/latency-words.ts";
import { navigate, useLocation, withQuery } from "../lib/router.ts";
import { LATENCY_HOURS, useLatency, useLatencyHours } from "../lib/use-latency.ts";

/** How the nodes compare: differences, each node's own bias, propagation, and what lateness costs a block. */
export function LatencyPage({ network }: { network: NetworkView }) {
  const hours = useLatencyHours();
  const stored = useLatency(network, hours);
  if (stored.kind === "loading") return <LatencySkeleton />;
  if (stored.kind === "failed") {
    return (
      <>
        <h1 className="visually-hidden">Latency</h1>
        <Notice title="The comparison could not be read" tone="problem">
          <p>
            {stored.sentence} The page tries again every few seconds; the <Link to="/nodes">nodes</Link> are still shown
            live.
          </p>
        </Notice>
      </>
    );
  }
  const view = stored.answer;
  return (
    <div className="latency-page">
      <h1 className="visually-hidden">Latency</h1>
      <Span view={view} hours={hours} />
      {view.epochs === 0 ? (
        <Notice title="Nothing to compare yet">
          <p>
            No slot of that time was watched to its end. The page fills by itself with the first one; it takes five
            blocks to tell the nodes' biases.
          </p>
        </Notice>
      ) : (
        <>
          <LatencyMatrix view={view} />
          <NodeBiases view={view} />
          <PropagationPanel view={view} network={network} />
          <OrphanPanel orphans={view.orphans} />
        </>
      )}
    </div>
  );
}

/** What is compared, and what the stamps are worth. */
function Span({ view, hours }: { view: LatencyView; hours: number | undefined }) {
  const location = useLocation();
  return (
    <div className="latency-span">
      <p>
        {view.epochs > 0 && (
          <>
            {formatCount(view.epochs, "epoch")} from <span className="number">{formatUtc(view.from_ms)}</span> on.{" "}
          </>
        )}
        <span className="muted">{stampsSentence(view.stamps)}</span>
      </p>
      <div className="filters">
        <select
          aria-label="Time to compare over"
          value={hours ?? "live"}
          onChange={(event) => {
            const chosen = event.target.value === "live" ? undefined : event.target.value;
            navigate(withQuery(location, { hours: chosen }), { replace: true });
          }}
        >
          <option value="live">last 256 slots</option>
          {LATENCY_HOURS.map((choice) => (
            <option key={choice} value={choice}>
              {choice === 168 ? "last 7 days" : `last ${choice} hours`}
            </option>
          ))}
        </select>
      </div>
    </div>
  );
}
