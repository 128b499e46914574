import { useId } from "react";
import type { Problem } from "../lib/json-problems.ts";

/** JSON to be written by hand, with what is wrong with it below. */
export function JsonEditor(props: {
  label: string;
  hint?: string;
  text: string;
  problems: readonly Problem[];
  rows?: number;
  readOnly?: boolean;
  onChange(text: string): void;
}) {
  const { label, hint, text, problems, rows = 16, readOnly = false, onChange } = props;
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {hint !== undefined && <p className="hint">{hint}</p>}
      <textarea
        id={id}
        className="json-text number"
        rows={rows}
        spellCheck={false}
        autoComplete="off"
        wrap="off"
        value={text}
        readOnly={readOnly}
        aria-invalid={problems.length > 0}
        aria-describedby={`${id}-problems`}
        onChange={(event) => onChange(event.target.value)}
      />
      <Problems id={`${id}-problems`} problems={problems} />
    </div>
  );
}

/** What is wrong, each at its path. */
export function Problems({ id, problems }: { id?: string; problems: readonly Problem[] }) {
  return (
    <ul id={id} className="problems" aria-live="polite">
      {problems.map(({ path, sentence }) => (
        <li key={`${path} ${sentence}`}>
          {path !== "" && <code>{path}</code>} {sentence}
        </li>
      ))}
    </ul>
  );
}
