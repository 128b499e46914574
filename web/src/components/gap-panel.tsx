import { memo } from "react";
import type { NetworkView } from "../../../src/serve/views.ts";
import { GapStrip } from "../charts/gap-strip.tsx";
import { formatCount, formatDuration, formatUtc, sentenceOf } from "../lib/format.ts";
import { lostMs, type ShownGap } from "../lib/gap-lanes.ts";
import { CAUSE_WORDS } from "../lib/gap-words.ts";
import { navigate, nodePath, slotPath, useLocation, withQuery } from "../lib/router.ts";
import { slotAt } from "../lib/slot-clock.ts";
import { GAP_HOURS, type GapLoad, type GapView } from "../lib/use-gap-lanes.ts";
import { Link } from "./link.tsx";
import { Panel } from "./panel.tsx";
import { ScrollTable } from "./scroll-table.tsx";

/** The gaps of all nodes, or of one, as a strip and as a table. */
export const GapPanel = memo(function GapPanel(props: { load: GapLoad; network: NetworkView; node?: string }) {
  const { load, network, node } = props;
  const location = useLocation();
  return (
    <Panel
      title="Gaps"
      hint="A hole is a span in which events of the node did not reach the store; hatched is before it was watched."
      className="gaps"
      aside={
        <div className="filters">
          <select
            aria-label="Hours to show"
            value={load.kind === "ready" ? load.view.hours : (location.query.get("hours") ?? GAP_HOURS[0])}
            onChange={(event) => navigate(withQuery(location, { hours: event.target.value }), { replace: true })}
          >
            {GAP_HOURS.map((hours) => (
              <option key={hours} value={hours}>
                {hours === 1 ? "last hour" : hours === 168 ? "last 7 days" : `last ${hours} hours`}
              </option>
            ))}
          </select>
        </div>
      }
    >
      {load.kind === "loading" && <span className="bone block" />}
      {load.kind === "failed" && (
        <p className="empty">
          The gaps could not be read. {load.sentence} The page tries again; all else on it follows the live stream.
        </p>
      )}
      {load.kind === "ready" && <Gaps view={load.view} network={network} node={node} />}
    </Panel>
  );
});

function Gaps({ view, network, node }: { view: GapView; network: NetworkView; node: string | undefined }) {
  const lanes = view.lanes.filter((lane) => node === undefined || lane.node === node);
  const gaps = lanes.flatMap((lane) => lane.gaps).sort((a, b) => b.fromMs - a.fromMs);
  const span = { fromMs: view.fromMs, toMs: view.nowMs };
  return (
    <>
      <GapStrip lanes={lanes} {...span} />
      {view.cutMs !== undefined && view.cutMs > view.fromMs && (
        <p className="empty">
          Gaps from before {formatUtc(view.cutMs)} are more than one answer holds: choose fewer hours.
        </p>
      )}
      {gaps.length === 0 ? (
        <p className="empty">{noGaps(lanes, view)}</p>
      ) : (
        <>
          <p className="gap-sum">
            {lanes
              .filter((lane) => lane.gaps.length > 0)
              .map((lane) => (
                <span key={lane.node}>
                  <span className="number">{lane.node}</span>{" "}
                  <span className="muted">
                    {formatCount(lane.gaps.length, "gap")}, {formatDuration(lostMs(lane.gaps, span))} in all
                  </span>
                </span>
              ))}
          </p>
          <GapTable gaps={gaps} network={network} named={node === undefined} />
        </>
      )}
    </>
  );
}

function noGaps(lanes: GapView["lanes"], view: GapView): string {
  const since = Math.max(view.fromMs, ...lanes.map((lane) => lane.watchedSinceMs));
  return `No gap since ${formatUtc(since)}: all that ${lanes.length === 1 ? "the node" : "the nodes"} sent was stored.`;
}

function GapTable({ gaps, network, named }: { gaps: readonly ShownGap[]; network: NetworkView; named: boolean }) {
  return (
    <ScrollTable label="Gaps">
      <thead>
        <tr>
          {named && <th scope="col">Node</th>}
          <th scope="col">From</th>
          <th scope="col" className="right">
            Lasted
          </th>
          <th scope="col">Slots</th>
          <th scope="col">Cause</th>
        </tr>
      </thead>
      <tbody>
        {gaps.map((gap) => (
          <tr key={`${gap.node} ${gap.fromMs} ${gap.open}`}>
            {named && (
              <th scope="row">
                <Link to={nodePath(gap.node)} className="number">
                  {gap.node}
                </Link>
              </th>
            )}
            <td className="number" title={formatUtc(gap.fromMs, "ms")}>
              {formatUtc(gap.fromMs)}
            </td>
            <td className="right number">{formatDuration(gap.toMs - gap.fromMs)}</td>
            <td>
              <SlotSpan network={network} gap={gap} />
            </td>
            <td>
              {gap.cause === undefined ? (
                <span className="is-missed">It lasts still: the node's state says why.</span>
              ) : (
                sentenceOf(CAUSE_WORDS[gap.cause])
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </ScrollTable>
  );
}

function SlotSpan({ network, gap }: { network: NetworkView; gap: ShownGap }) {
  const first = Math.max(0, slotAt(network, gap.fromMs));
  const last = Math.max(first, slotAt(network, gap.toMs));
  return (
    <>
      <Link to={slotPath(first)} className="number">
        {first}
      </Link>
      {last > first && (
        <>
          –
          <Link to={slotPath(last)} className="number">
            {last}
          </Link>
        </>
      )}
    </>
  );
}
