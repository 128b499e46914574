import { useEffect, useState } from "react";
import type { Backtest } from "../../../../src/serve/views.ts";
import { alertApi } from "../../lib/alert-api.ts";
import { BACKTEST_SPANS, USUAL_SPAN_MS } from "../../lib/backtest-figures.ts";
import { formatDuration, sentenceOf } from "../../lib/format.ts";
import { useMonitor } from "../../lib/monitor.tsx";
import { useTask } from "../../lib/use-task.ts";
import type { WatchDraft } from "../../lib/use-watch-draft.ts";
import { Panel } from "../panel.tsx";
import { BacktestResult } from "./backtest-result.tsx";
import { noteRefusal } from "./test-panel.tsx";

/** Holds the watch as it is written against the stored past. */
export function BacktestPanel({ draft }: { draft: WatchDraft }) {
  const { clock } = useMonitor();
  const [spanMs, setSpanMs] = useState(USUAL_SPAN_MS);
  const task = useTask<Backtest>();
  const { watch } = draft;
  const { state } = task;
  const run = () => {
    if (watch === undefined) return;
    const until_ms = Math.floor(clock.nowMs());
    task.start(async (signal) => {
      try {
        return await alertApi.backtest({ watch, from_ms: until_ms - spanMs, until_ms }, signal);
      } catch (error) {
        noteRefusal(error, draft);
        throw error;
      }
    });
  };
  return (
    <Panel
      title="Back-test"
      hint="When it would have fired, as it is written here, by what is stored. Nobody is told."
      className="backtest-panel"
    >
      <div className="try-bar">
        <fieldset className="choices row">
          <legend className="visually-hidden">How far back</legend>
          <div className="pills">
            {BACKTEST_SPANS.map((span) => (
              <label key={span.ms} className={span.ms === spanMs ? "pill chosen" : "pill"}>
                <input
                  type="radio"
                  className="visually-hidden"
                  name="backtest-span"
                  checked={span.ms === spanMs}
                  onChange={() => setSpanMs(span.ms)}
                />
                {span.words}
              </label>
            ))}
          </div>
        </fieldset>
        {state.kind === "running" ? (
          <>
            <button type="button" className="button" onClick={task.cancel}>
              Stop
            </button>
            <Running sinceMs={state.sinceMs} />
          </>
        ) : (
          <button type="button" className="button primary" disabled={watch === undefined} onClick={run}>
            Back-test
          </button>
        )}
      </div>
      <div aria-live="polite" className="try-result">
        {state.kind === "failed" && (
          <p className="trouble">
            <strong>It could not be back-tested:</strong> {sentenceOf(state.fault.message)}
            {state.fault.code === "answer_too_large" && " A shorter span may do."}
          </p>
        )}
        {state.kind === "done" && <BacktestResult backtest={state.result} />}
      </div>
    </Panel>
  );
}

function Running({ sinceMs }: { sinceMs: number }) {
  const { clock } = useMonitor();
  const [nowMs, setNowMs] = useState(clock.nowMs);
  useEffect(() => {
    const timer = setInterval(() => setNowMs(clock.nowMs()), 500);
    return () => clearInterval(timer);
  }, [clock]);
  return (
    <span className="muted number">
      reading the past, {formatDuration(Math.max(0, nowMs - sinceMs))}; up to a minute
    </span>
  );
}
