import { sentenceOf } from "../../lib/format.ts";
import type { Saving } from "../../lib/use-save.ts";

/** What is written and not saved yet stays in sight, with the way to save it. */
export function SaveBar(props: {
  words: string;
  saveWords: string;
  saving: Saving;
  disabled: boolean;
  onSave(): void;
  onDiscard?: () => void;
}) {
  const { words, saveWords, saving, disabled, onSave, onDiscard } = props;
  return (
    <section className="save-bar" aria-label="Saving">
      <p
        className={saving.fault === undefined ? "" : "problems"}
        role={saving.fault === undefined ? "status" : "alert"}
      >
        {saving.fault === undefined ? words : `It was not saved: ${sentenceOf(saving.fault.message)}`}
      </p>
      {onDiscard !== undefined && (
        <button type="button" className="button" disabled={saving.busy} onClick={onDiscard}>
          Discard
        </button>
      )}
      <button type="button" className="button primary" disabled={disabled || saving.busy} onClick={onSave}>
        {saving.busy ? "Saving…" : saveWords}
      </button>
    </section>
  );
}
