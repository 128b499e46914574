import { type HTMLInputTypeAttribute, useId } from "react";
import type { Problem } from "../lib/json-problems.ts";
import { Problems } from "./json-editor.tsx";

/** A field of a form with its name above, a hint, and what is wrong with it below. */
export function TextField(props: {
  label: string;
  value: string;
  hint?: string;
  problems?: readonly Problem[];
  lines?: number;
  type?: HTMLInputTypeAttribute;
  list?: readonly string[];
  required?: boolean;
  onChange(value: string): void;
}) {
  const { label, value, hint, problems = [], lines = 1, type = "text", list, required = false, onChange } = props;
  const id = useId();
  const shared = {
    id,
    value,
    required,
    "aria-invalid": problems.length > 0,
    "aria-describedby": `${id}-more`,
    onChange: (event: { target: { value: string } }) => onChange(event.target.value),
  };
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {lines > 1 ? (
        <textarea {...shared} rows={lines} />
      ) : (
        <input {...shared} type={type} autoComplete="off" list={list === undefined ? undefined : `${id}-list`} />
      )}
      {list !== undefined && (
        <datalist id={`${id}-list`}>
          {list.map((choice) => (
            <option key={choice} value={choice} />
          ))}
        </datalist>
      )}
      <div id={`${id}-more`}>
        {hint !== undefined && <p className="hint">{hint}</p>}
        <Problems problems={problems.map(({ sentence }) => ({ path: "", sentence }))} />
      </div>
    </div>
  );
}

/** The problems of one field, and those of all that is within it. */
export function problemsAt(problems: readonly Problem[] | undefined, path: string): Problem[] {
  return (problems ?? []).filter(
    (one) => one.path === path || one.path.startsWith(`${path}.`) || one.path.startsWith(`${path}[`),
  );
}
