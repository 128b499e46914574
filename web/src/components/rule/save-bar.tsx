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
  // What is wrong with the watch is told where it is written.
  const why = saving.fault?.code === "watch_invalid" ? "it cannot be read." : saving.fault?.message;
  return (
    <section className="save-bar" aria-label="Saving">
      <p
        className={saving.fault === undefined ? "" : "problems"}
        role={saving.fault === undefined ? "status" : "alert"}
      >
        {why === undefined ? words : `It was not saved: ${why.replace(/[^.]$/, "$&.")}`}
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
