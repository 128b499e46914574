import { useState } from "react";
import type { WatchDraft } from "../../lib/use-watch-draft.ts";
import { placeWords } from "../../lib/watch-problem.ts";
import { WatchForm } from "./watch-form.tsx";
import { WatchJson } from "./watch-json.tsx";

type Mode = "form" | "json";

/** The watch as a form or as JSON: both write the same. */
export function WatchEditor({ draft, begin = "form" }: { draft: WatchDraft; begin?: Mode }) {
  const [mode, setMode] = useState<Mode>(begin);
  const [shownProblem, setShownProblem] = useState(0);
  const { problem, watch } = draft;
  const place = problem === undefined ? undefined : placeWords(problem);
  const choice = (one: Mode, words: string) => (
    <button type="button" className="segment" aria-pressed={mode === one} onClick={() => setMode(one)}>
      {words}
    </button>
  );
  return (
    <div className="watch-editor">
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset is for a form's fields */}
      <div className="segments" role="group" aria-label="How it is edited">
        {choice("form", "Form")}
        {choice("json", "JSON")}
      </div>
      {problem !== undefined && (
        <div className="trouble watch-problem" role="alert">
          <p>
            <strong>{place === undefined ? "It cannot be read:" : <code>{place}</code>}</strong> {problem.sentence}
          </p>
          {problem.span !== undefined && (
            <button
              type="button"
              className="button"
              onClick={() => {
                setMode("json");
                setShownProblem(shownProblem + 1);
              }}
            >
              Show it in the JSON
            </button>
          )}
        </div>
      )}
      {mode === "json" ? (
        <WatchJson draft={draft} shownProblem={shownProblem} />
      ) : watch === undefined ? (
        <p className="empty">The form follows once the JSON can be read.</p>
      ) : (
        <WatchForm watch={watch} onChange={draft.setWatch} />
      )}
    </div>
  );
}
