import { useState } from "react";
import type { RuleView, SilencesAnswer } from "../../../../src/serve/views.ts";
import { alertApi } from "../../lib/alert-api.ts";
import { capitalized, sentenceOf } from "../../lib/format.ts";
import { shownText } from "../../lib/safe-text.ts";
import { coverWords, spanWords } from "../../lib/silence-words.ts";
import type { Answer } from "../../lib/use-answer.ts";
import { useMode } from "../../lib/use-mode.ts";
import { useSave } from "../../lib/use-save.ts";
import { Panel } from "../panel.tsx";
import { SilenceDialog } from "./silence-dialog.tsx";

/** The silences that last or are to come, with a way to end each and to make another. */
export function SilenceList(props: {
  silences: Answer<SilencesAnswer>;
  rules: readonly RuleView[];
  titleOf(rule: string): string;
  nowMs: number;
  onChanged(): void;
}) {
  const { silences, rules, titleOf, nowMs, onChanged } = props;
  const mode = useMode();
  const saving = useSave();
  const [making, setMaking] = useState(false);
  const lasting = silences.kind === "ready" ? silences.answer.silences.filter((one) => one.until_ms > nowMs) : [];
  return (
    <Panel
      title="Silences"
      hint="While one lasts, what it covers is judged and shown, and nobody is told."
      className="silences"
      aside={
        mode.writes && (
          <button type="button" className="button" onClick={() => setMaking(true)}>
            New silence
          </button>
        )
      }
    >
      {silences.kind === "loading" && <span className="bone" />}
      {silences.kind === "failed" && (
        <p className="empty">The silences could not be read: {sentenceOf(silences.fault.message)}</p>
      )}
      {silences.kind === "ready" && lasting.length === 0 && <p className="empty">None is in force.</p>}
      {saving.fault !== undefined && (
        <p className="problems" role="alert">
          {sentenceOf(saving.fault.message)}
        </p>
      )}
      {lasting.length > 0 && (
        <ul className="silence-list">
          {lasting.map((silence) => (
            <li key={silence.id}>
              <div>
                <p>
                  <b>{capitalized(coverWords(silence, titleOf))}</b> {spanWords(silence, nowMs)}
                </p>
                {silence.reason !== "" && <p className="muted told-text">{shownText(silence.reason)}</p>}
              </div>
              {mode.writes && (
                <button
                  type="button"
                  className="button"
                  disabled={saving.busy}
                  aria-label={`End now the silence of ${coverWords(silence, titleOf)}`}
                  onClick={() => saving.send((signal) => alertApi.unsilence(silence.id, signal), onChanged)}
                >
                  End now
                </button>
              )}
            </li>
          ))}
        </ul>
      )}
      {making && (
        <SilenceDialog
          rules={rules}
          titleOf={titleOf}
          onClose={() => setMaking(false)}
          onSaved={() => {
            setMaking(false);
            onChanged();
          }}
        />
      )}
    </Panel>
  );
}
