import { useState } from "react";
import type { Backtest } from "../../../../src/serve/views.ts";
import { BacktestChart } from "../../charts/backtest-chart.tsx";
import { lastedWords } from "../../lib/alert-words.ts";
import { backtestFigures, firedWords } from "../../lib/backtest-figures.ts";
import { formatCount, formatList, formatShare, formatUtc, sentenceOf } from "../../lib/format.ts";
import { nodePath, slotPath } from "../../lib/router.ts";
import { shownText } from "../../lib/safe-text.ts";
import { SeverityMark } from "../alert/severity-mark.tsx";
import { Link } from "../link.tsx";
import { ScrollTable } from "../scroll-table.tsx";

const FEW = 20;
/** Less is nothing to tell. */
const LEAST_SHARE = 0.0005;

/** What a rule would have said of the past: how often, its picture, and each time. */
export function BacktestResult({ backtest }: { backtest: Backtest }) {
  const { checks, failures, failure, alerts, from_ms, until_ms, notes, metric } = backtest;
  const { bySeverity, share } = backtestFigures(backtest);
  return (
    <div className="backtest-result">
      <p className="backtest-verdict">{firedWords(backtest)}</p>
      {alerts.length > 0 && (
        <p className="muted backtest-counts">
          {bySeverity.map(({ severity, count }) => (
            <span key={severity}>
              {count} <SeverityMark severity={severity} />
            </span>
          ))}
          {share >= LEAST_SHARE && (
            <span>at least one was on for {formatShare({ had: Math.min(1, share), of: 1 })} of the time</span>
          )}
        </p>
      )}
      <p className="hint">
        {formatUtc(from_ms)} to {formatUtc(until_ms)}, {formatCount(checks, "check")}
        {failures > 0 && `, of which ${failures} failed`}.
      </p>
      {failure !== null && (
        <p className="trouble mild">
          <strong>The first failure:</strong> {sentenceOf(shownText(failure))}
        </p>
      )}
      {(alerts.length > 0 || metric !== null) && <BacktestChart backtest={backtest} />}
      {alerts.length > 0 && <Firings backtest={backtest} />}
      {notes.length > 0 && (
        <section className="backtest-notes" aria-label="What limits it">
          <h3 className="part-title">What limits it</h3>
          <ul>
            {notes.map((note) => (
              <li key={note}>{sentenceOf(shownText(note))}</li>
            ))}
          </ul>
        </section>
      )}
    </div>
  );
}

/** Newest first. */
function Firings({ backtest }: { backtest: Backtest }) {
  const { alerts, until_ms } = backtest;
  const [all, setAll] = useState(false);
  const shown = all ? alerts.toReversed() : alerts.slice(-FEW).toReversed();
  return (
    <>
      <ScrollTable label="Firings">
        <thead>
          <tr>
            <th scope="col">Since</th>
            <th scope="col" className="right">
              Lasted
            </th>
            <th scope="col">What</th>
            <th scope="col" className="right">
              Slot
            </th>
            <th scope="col">Nodes</th>
            <th scope="col" className="right">
              Messages
            </th>
          </tr>
        </thead>
        <tbody>
          {shown.map((one) => (
            <tr key={`${one.about} ${one.since_ms}`}>
              <th scope="row" className="number">
                {formatUtc(one.since_ms)}
              </th>
              <td className="right number">
                {one.until_ms === null ? "to the end" : lastedWords(one, until_ms).replace(/^lasted /, "")}
              </td>
              <td className="wraps">
                <SeverityMark severity={one.severity} /> {shownText(one.title)}
              </td>
              <td className="right number">
                {one.slot === null ? "–" : <Link to={slotPath(one.slot)}>{one.slot}</Link>}
              </td>
              <td className="wraps">
                {one.nodes.length > 3
                  ? `${one.nodes.length} nodes`
                  : one.nodes.length === 0
                    ? "–"
                    : one.nodes.map((node) => (
                        <span key={node}>
                          <Link to={nodePath(node)}>{node}</Link>{" "}
                        </span>
                      ))}
              </td>
              <td className="right number" title={formatList(one.told.map(({ stage }) => stage))}>
                {one.told.length}
              </td>
            </tr>
          ))}
        </tbody>
      </ScrollTable>
      {!all && alerts.length > FEW && (
        <p className="more">
          <button type="button" className="quiet-button" onClick={() => setAll(true)}>
            All {alerts.length}: the newest {FEW} are shown
          </button>
        </p>
      )}
    </>
  );
}
