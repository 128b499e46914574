import { useCallback, useState } from "react";
import type { RuleExecution } from "../../../../src/serve/views.ts";
import { alertApi } from "../../lib/alert-api.ts";
import { formatUtc, sentenceOf } from "../../lib/format.ts";
import { alertPath, slotPath } from "../../lib/router.ts";
import { cutText, shownText } from "../../lib/safe-text.ts";
import { useAnswer } from "../../lib/use-answer.ts";
import { executionWords } from "../../lib/watch-record.ts";
import { Link } from "../link.tsx";
import { Moment } from "../moment.tsx";
import { Panel } from "../panel.tsx";
import { RecordView } from "./record-view.tsx";

const STEPS = [20, 200, 1000] as const;
const FEW_LETTERS = 160;

/** When the rule was met, failed or could not judge, newest first; each opens its record. */
export function HistoryPanel({ id, tick, nowMs }: { id: string; tick: number; nowMs: number }) {
  const [step, setStep] = useState(0);
  const limit = STEPS[step] ?? STEPS[0];
  const ask = useCallback((signal: AbortSignal) => alertApi.history(id, { limit }, signal), [id, limit]);
  const told = useAnswer(ask, tick);
  return (
    <Panel
      title="History"
      hint="When its condition was met, when it failed, and when it could not judge. Checks that found nothing are not kept."
      className="history-panel"
    >
      {told.kind === "loading" && <span className="bone" />}
      {told.kind === "failed" && (
        <p className="empty">The history could not be read: {sentenceOf(told.fault.message)}</p>
      )}
      {told.kind === "ready" && told.answer.executions.length === 0 && (
        <p className="empty">Nothing yet: its condition was never met since it is kept.</p>
      )}
      {told.kind === "ready" && told.answer.executions.length > 0 && (
        <>
          <ol className="history-list">
            {told.answer.executions.map((execution) => (
              <Execution key={execution.at_ms} execution={execution} nowMs={nowMs} />
            ))}
          </ol>
          {told.answer.next_before !== null && step < STEPS.length - 1 && (
            <p className="more">
              <button type="button" className="quiet-button" disabled={told.asking} onClick={() => setStep(step + 1)}>
                {told.asking ? "Loading…" : `Older ones: ${told.answer.executions.length} are shown`}
              </button>
            </p>
          )}
          {told.answer.next_before !== null && step === STEPS.length - 1 && (
            <p className="hint">
              <Link to="/explore?index=logs-ethereum.watch_history-*">Explore</Link> finds the older ones.
            </p>
          )}
        </>
      )}
    </Panel>
  );
}

function Execution({ execution, nowMs }: { execution: RuleExecution; nowMs: number }) {
  const { at_ms, slot, reason, alerts, record } = execution;
  const [open, setOpen] = useState(false);
  const { words, tone } = executionWords(execution);
  const cut = reason === null ? undefined : cutText(reason, FEW_LETTERS);
  return (
    <li>
      <details onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary className={`message ${tone}`}>
          <span className="mark" aria-hidden="true" />
          <time className="number" dateTime={new Date(at_ms).toISOString()}>
            {formatUtc(at_ms)}
          </time>
          <span className="muted">
            <Moment timeMs={at_ms} nowMs={nowMs} />
          </span>
          <b>{words}</b>
          {reason !== null && (
            <span className="history-reason">{shownText(cut === undefined ? reason : `${cut}…`)}</span>
          )}
        </summary>
        {open && (
          <div className="history-detail">
            <p>
              {slot !== null && (
                <>
                  Slot <Link to={slotPath(slot)}>{slot}</Link>.{" "}
                </>
              )}
              {(alerts ?? []).map((alert) => (
                <span key={alert}>
                  <Link to={alertPath(alert)}>Its alert</Link>.{" "}
                </span>
              ))}
              {reason !== null && shownText(reason)}
            </p>
            <RecordView record={record} />
          </div>
        )}
      </details>
    </li>
  );
}
