import type { WatchBody } from "../../../../src/serve/views.ts";
import type { JsonPath } from "../../lib/json-spans.ts";
import { type Threshold, valueAtPath } from "../../lib/watch-fields.ts";
import { TextField } from "../field.tsx";
import { ThresholdField } from "./threshold-field.tsx";

/** Changes one value of the watch; undefined takes it away. */
export type SetAt = (path: JsonPath, value: unknown) => void;

/** What every part of the form is given. */
export type Part = { watch: WatchBody; setAt: SetAt };

/** A text of the watch; an empty one is taken away. */
export function TextAt(
  props: Part & { path: JsonPath; label: string; hint?: string; lines?: number; list?: readonly string[] },
) {
  const { watch, setAt, path, label, hint, lines = 1, list } = props;
  const value = valueAtPath(watch, path);
  if (value !== undefined && typeof value !== "string" && typeof value !== "number") {
    return (
      <p className="hint">
        <b>{label}</b> is not plain here: it is written as JSON.
      </p>
    );
  }
  return (
    <TextField
      label={label}
      value={value === undefined ? "" : String(value)}
      lines={lines}
      {...(hint === undefined ? {} : { hint })}
      {...(list === undefined ? {} : { list })}
      onChange={(text) => setAt(path, text === "" ? undefined : text)}
    />
  );
}

/** Each of the values that conditions compare with. */
export function Thresholds({ thresholds, setAt }: { thresholds: readonly Threshold[]; setAt: SetAt }) {
  return (
    <>
      {thresholds.map((threshold) => (
        <ThresholdField
          key={threshold.path.join("\n")}
          threshold={threshold}
          onChange={(value) => setAt(threshold.path, value)}
        />
      ))}
    </>
  );
}

/** A switch of the watch; `otherwise` where it is left out. */
export function SwitchAt({
  watch,
  setAt,
  path,
  label,
  otherwise,
}: Part & { path: JsonPath; label: string; otherwise: boolean }) {
  const value = valueAtPath(watch, path);
  return (
    <label className="checkbox">
      <input
        type="checkbox"
        checked={typeof value === "boolean" ? value : otherwise}
        onChange={({ target }) => setAt(path, target.checked)}
      />
      {label}
    </label>
  );
}
