import { useMemo, useState } from "react";
import type { Panel } from "../../../../src/panels/panel.ts";
import { readJson } from "../../lib/json-problems.ts";
import { checkRequest } from "../../lib/panel-check.ts";
import type { PanelAnswer } from "../../lib/panel-views.ts";
import { useMode } from "../../lib/use-mode.ts";
import { CopyButton } from "../copy-button.tsx";
import { JsonEditor } from "../json-editor.tsx";
import { Modal } from "../modal.tsx";

/** A panel's search: as it was run, to be copied, and as the panel has it, to be tried otherwise. */
export function QueryDialog(props: {
  panel: Panel;
  answer: PanelAnswer | undefined;
  onClose(): void;
  onRun(request: Panel["request"]): void;
}) {
  const { panel, answer, onClose, onRun } = props;
  const mode = useMode();
  const [text, setText] = useState(() => JSON.stringify(panel.request, null, 2));
  const checked = useMemo(() => {
    const read = readJson(text);
    return read.problems === undefined ? checkRequest(read.value) : read;
  }, [text]);
  const ran = answer === undefined ? undefined : JSON.stringify(answer.request.body, null, 2);
  return (
    <Modal title={`Query of ${panel.title}`} onClose={onClose} wide>
      <JsonEditor
        label="The panel's request"
        hint={
          mode.public
            ? "Index pattern and Query DSL; the time range and the variables are added as filters."
            : "Index pattern and Query DSL; the time range and the variables are added as filters. What you change here is shown on this page alone until the panel is edited and saved."
        }
        text={text}
        problems={checked.problems ?? []}
        readOnly={mode.public}
        onChange={setText}
      />
      <div className="form-end">
        {!mode.public && (
          <button
            type="button"
            className="button primary"
            disabled={checked.value === undefined}
            onClick={() => checked.value !== undefined && onRun(checked.value)}
          >
            Run it
          </button>
        )}
        {ran !== undefined && answer !== undefined && (
          <CopyButton text={ran} className="button" label="Copy as it was run">
            Copy as it was run
          </CopyButton>
        )}
      </div>
      {ran !== undefined && answer !== undefined && (
        <details className="data-table">
          <summary>As it was run, in {Math.round(answer.took_ms)} ms</summary>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls and must be reachable by keyboard */}
          <pre className="code" tabIndex={0}>{`POST /${answer.request.index}/_search\n${ran}`}</pre>
        </details>
      )}
    </Modal>
  );
}
