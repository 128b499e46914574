import { useState } from "react";
import type { RuleTestAnswer, RuleTestBody } from "../../../../src/serve/views.ts";
import { alertApi } from "../../lib/alert-api.ts";
import { sentenceOf } from "../../lib/format.ts";
import { readJson } from "../../lib/json-problems.ts";
import { useTask } from "../../lib/use-task.ts";
import type { WatchDraft } from "../../lib/use-watch-draft.ts";
import { isRecord } from "../../lib/watch-fields.ts";
import { JsonEditor } from "../json-editor.tsx";
import { Panel } from "../panel.tsx";
import { RecordView } from "./record-view.tsx";

/** Checks the watch as it is written, once and now; nobody is told, and nothing is kept. */
export function TestPanel({ id, draft }: { id: string | undefined; draft: WatchDraft }) {
  const [asIfMet, setAsIfMet] = useState(false);
  const [other, setOther] = useState("");
  const task = useTask<RuleTestAnswer>();
  const input = other.trim() === "" ? { value: undefined } : readJson(other);
  const problems =
    input.problems ??
    (input.value !== undefined && !isRecord(input.value) ? [{ path: "", sentence: "It must be a JSON object." }] : []);
  const { watch } = draft;
  const run = () => {
    if (watch === undefined) return;
    const body: RuleTestBody = {
      watch,
      ignore_condition: asIfMet,
      ...(id === undefined ? {} : { id }),
      ...(isRecord(input.value) ? { alternative_input: input.value } : {}),
    };
    task.start(async (signal) => {
      try {
        return await alertApi.testRule(body, signal);
      } catch (error) {
        noteRefusal(error, draft);
        throw error;
      }
    });
  };
  const { state } = task;
  return (
    <Panel
      title="Test now"
      hint="Checks it as it is written here, once. Nobody is told, and nothing is kept."
      className="test-panel"
    >
      <div className="try-bar">
        <button
          type="button"
          className="button primary"
          disabled={watch === undefined || problems.length > 0 || state.kind === "running"}
          onClick={run}
        >
          {state.kind === "running" ? "Testing…" : "Test"}
        </button>
        <label className="checkbox">
          <input type="checkbox" checked={asIfMet} onChange={({ target }) => setAsIfMet(target.checked)} />
          as if the condition were met
        </label>
      </div>
      <details className="data-table">
        <summary>With another input</summary>
        <JsonEditor
          label="The payload, instead of what the input would bring"
          text={other}
          problems={problems}
          rows={6}
          onChange={setOther}
        />
      </details>
      <div aria-live="polite" className="try-result">
        {state.kind === "failed" && (
          <p className="trouble">
            <strong>It could not be tested:</strong> {sentenceOf(state.fault.message)}
          </p>
        )}
        {state.kind === "done" && <RecordView record={state.result.record} />}
      </div>
    </Panel>
  );
}

/** What is wrong with the watch is shown where it is written, too. */
export function noteRefusal(error: unknown, draft: WatchDraft): void {
  if (error instanceof Error && "code" in error && error.code === "watch_invalid") draft.refuse(error);
}
