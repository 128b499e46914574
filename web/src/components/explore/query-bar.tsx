import { type KeyboardEvent, useCallback, useEffect, useId, useRef, useState } from "react";
import type { FieldView } from "../../lib/panel-views.ts";
import { panelApi } from "../../lib/panels-of.ts";
import { shownText } from "../../lib/safe-text.ts";
import { completed, fieldsFor, type Word, wordAt } from "../../lib/search-words.ts";
import { useAnswer } from "../../lib/use-answer.ts";

const MOST_CHOICES = 12;
/** So long nothing is typed before values are asked for. */
const SETTLED_MS = 150;

type Choice = { text: string; note: string };

/** The query string, with fields and their values completed as it is typed. */
export function QueryBar(props: {
  value: string;
  index: string | undefined;
  fields: readonly FieldView[];
  onSubmit(query: string): void;
}) {
  const { value, index, fields, onSubmit } = props;
  const [text, setText] = useState(value);
  const [caret, setCaret] = useState<number>();
  const [active, setActive] = useState(-1);
  const input = useRef<HTMLInputElement>(null);
  const id = useId();
  useEffect(() => setText(value), [value]);
  const word = caret === undefined ? undefined : wordAt(text, caret);
  const choices = useChoices(word, index, fields);
  const open = choices.length > 0;

  const choose = (choice: Choice) => {
    if (word === undefined) return;
    const next = completed(text, word, choice.text);
    setText(next.query);
    setCaret(next.caret);
    setActive(-1);
    requestAnimationFrame(() => {
      input.current?.focus();
      input.current?.setSelectionRange(next.caret, next.caret);
    });
  };
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    const chosen = open ? choices[active] : undefined;
    if (event.key === "ArrowDown" && open) setActive((active + 1) % choices.length);
    else if (event.key === "ArrowUp" && open) setActive(active <= 0 ? choices.length - 1 : active - 1);
    else if (event.key === "Escape" && open) setCaret(undefined);
    else if ((event.key === "Enter" || event.key === "Tab") && chosen !== undefined) choose(chosen);
    else if (event.key === "Enter") {
      setCaret(undefined);
      onSubmit(text);
    } else return;
    event.preventDefault();
  };
  return (
    <form
      className="query-bar"
      onSubmit={(event) => {
        event.preventDefault();
        setCaret(undefined);
        onSubmit(text);
      }}
    >
      <div className="query-box">
        <input
          ref={input}
          className="query-input number"
          type="text"
          role="combobox"
          aria-label="Query"
          aria-expanded={open}
          aria-controls={`${id}-choices`}
          aria-autocomplete="list"
          aria-activedescendant={open && active >= 0 ? `${id}-${active}` : undefined}
          autoComplete="off"
          spellCheck={false}
          placeholder="ethereum.slot:[100 TO 120] AND NOT observer.name:n2"
          value={text}
          onChange={(event) => {
            setText(event.target.value);
            setCaret(event.target.selectionStart ?? event.target.value.length);
            setActive(-1);
          }}
          onKeyDown={onKeyDown}
          onBlur={() => setCaret(undefined)}
        />
        <div id={`${id}-choices`} className="completions" role="listbox" aria-label="Completions" hidden={!open}>
          {choices.map((choice, at) => (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are those of the field that the list belongs to
            // biome-ignore lint/a11y/useFocusableInteractive: the focus stays in the field
            <div
              key={choice.text}
              id={`${id}-${at}`}
              role="option"
              aria-selected={at === active}
              onPointerDown={(event) => event.preventDefault()}
              onClick={() => choose(choice)}
            >
              <span className="number">{shownText(choice.text).slice(0, 120)}</span>{" "}
              <span className="muted">{choice.note}</span>
            </div>
          ))}
        </div>
      </div>
      <button type="submit" className="button primary">
        Search
      </button>
    </form>
  );
}

/** What the word may become: fields at once, values as the store knows them. */
function useChoices(
  word: Word | undefined,
  index: string | undefined,
  fields: readonly FieldView[],
): readonly Choice[] {
  const [settled, setSettled] = useState<{ field: string; prefix: string }>();
  const field = word?.kind === "value" ? word.field : undefined;
  const prefix = word?.kind === "value" ? word.text : "";
  useEffect(() => {
    if (field === undefined) return setSettled(undefined);
    const timer = setTimeout(() => setSettled({ field, prefix }), SETTLED_MS);
    return () => clearTimeout(timer);
  }, [field, prefix]);
  const known =
    settled !== undefined && fields.some(({ name, aggregatable }) => name === settled.field && aggregatable);
  const ask = useCallback(
    (signal: AbortSignal) =>
      settled === undefined || index === undefined
        ? Promise.resolve({ values: [] })
        : panelApi.values({ index, field: settled.field, prefix: settled.prefix, limit: MOST_CHOICES }, signal),
    [settled, index],
  );
  const told = useAnswer(known ? ask : undefined, undefined);
  if (word === undefined) return [];
  if (word.kind === "field") {
    if (word.text === "") return [];
    return fieldsFor(fields, word.text, MOST_CHOICES).map(({ name, type }) => ({ text: name, note: type }));
  }
  if (!known || told.kind !== "ready") return [];
  return told.answer.values
    .map(({ value, count }) => ({ text: String(value), note: `${count}` }))
    .filter(({ text }) => text !== word.text);
}
