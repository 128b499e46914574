import { type RefObject, useEffect, useId, useRef, useState } from "react";
import { type JsonPath, lineAt, pathAt, samePath } from "../../lib/json-spans.ts";
import type { WatchDraft } from "../../lib/use-watch-draft.ts";
import type { WatchProblem } from "../../lib/watch-problem.ts";
import { SchemaHelp } from "./schema-help.tsx";

const LINE_PX = 18;
const LINES_ABOVE = 3;

/** The watch as JSON: lines are numbered, the one that is wrong is marked, and each key is explained beside it. */
export function WatchJson({ draft, shownProblem }: { draft: WatchDraft; shownProblem: number }) {
  const { text, setText, spans, problem } = draft;
  const id = useId();
  const area = useRef<HTMLTextAreaElement>(null);
  const [scrolled, setScrolled] = useState(0);
  const [path, setPath] = useState<JsonPath>([]);
  const lines = text.split("\n").length;
  const badLine = problem?.span === undefined ? undefined : lineAt(text, problem.span.keyFrom);
  const latest = useRef<WatchProblem>(undefined);
  useEffect(() => {
    latest.current = problem;
  });
  useEffect(() => {
    if (shownProblem === 0 || latest.current === undefined) return;
    select(area, latest.current);
    setPath(latest.current.path);
  }, [shownProblem]);
  const present = spans.flatMap((span) =>
    span.path.length === path.length + 1 && samePath(span.path.slice(0, -1), path) ? [String(span.path.at(-1))] : [],
  );
  return (
    <div className="watch-json">
      <div className="field">
        <label htmlFor={id}>The watch, in Elasticsearch Watcher's JSON</label>
        <div className="json-frame">
          <div className="json-gutter" aria-hidden="true">
            <div style={{ transform: `translateY(${-scrolled}px)` }}>
              {Array.from({ length: lines }, (_, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: a line is its number
                <span key={index} className={index + 1 === badLine ? "bad" : ""}>
                  {index + 1}
                </span>
              ))}
            </div>
          </div>
          {badLine !== undefined && (
            <div
              className="json-bad-line"
              style={{ transform: `translateY(${(badLine - 1) * LINE_PX - scrolled}px)` }}
              aria-hidden="true"
            />
          )}
          <textarea
            ref={area}
            id={id}
            className="json-text number"
            rows={Math.min(40, Math.max(18, lines + 1))}
            spellCheck={false}
            autoComplete="off"
            autoCapitalize="off"
            wrap="off"
            value={text}
            aria-invalid={problem !== undefined}
            aria-describedby={`${id}-problem`}
            onChange={({ target }) => setText(target.value)}
            onSelect={({ currentTarget }) => setPath(pathAt(spans, currentTarget.selectionStart))}
            onScroll={({ currentTarget }) => setScrolled(currentTarget.scrollTop)}
          />
        </div>
        <p id={`${id}-problem`} className="problems" aria-live="polite">
          {problem !== undefined && (
            <>
              {badLine !== undefined && <b>Line {badLine}: </b>}
              {problem.sentence}
            </>
          )}
        </p>
      </div>
      <SchemaHelp path={path} present={present} />
    </div>
  );
}

/** Puts the cursor on what is wrong. */
function select(area: RefObject<HTMLTextAreaElement | null>, { span }: WatchProblem): void {
  const element = area.current;
  if (element === null || span === undefined) return;
  element.focus();
  element.setSelectionRange(span.keyFrom, span.to);
  element.scrollIntoView({ block: "nearest" });
  element.scrollTop = Math.max(0, (lineAt(element.value, span.keyFrom) - 1 - LINES_ABOVE) * LINE_PX);
}
