import { useId, useState } from "react";
import { pathText } from "../../lib/json-spans.ts";
import { readThreshold, type Threshold } from "../../lib/watch-fields.ts";

/** One value that a condition compares with. */
export function ThresholdField({ threshold, onChange }: { threshold: Threshold; onChange(value: unknown): void }) {
  const { label, value, path } = threshold;
  const id = useId();
  const [text, setText] = useState(String(value));
  const read = readThreshold(value, text);
  // What was changed elsewhere, in the JSON, is shown; what is no number yet stays as it is written.
  const shown = read === undefined || read === value ? text : String(value);
  const change = (next: string) => {
    setText(next);
    const parsed = readThreshold(value, next);
    if (parsed !== undefined) onChange(parsed);
  };
  return (
    <div className="field threshold">
      <label htmlFor={id}>{label}</label>
      {typeof value === "boolean" ? (
        <select id={id} value={String(value)} onChange={({ target }) => change(target.value)}>
          <option value="true">true</option>
          <option value="false">false</option>
        </select>
      ) : (
        <input
          id={id}
          value={shown}
          inputMode={typeof value === "number" ? "decimal" : undefined}
          autoComplete="off"
          className="number"
          title={pathText(path)}
          aria-invalid={read === undefined}
          aria-describedby={`${id}-problem`}
          onChange={({ target }) => change(target.value)}
        />
      )}
      <p id={`${id}-problem`} className="problems" aria-live="polite">
        {read === undefined && `A number, not “${text}”: ${String(value)} still counts.`}
      </p>
    </div>
  );
}
