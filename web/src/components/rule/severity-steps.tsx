import type { WatchBody } from "../../../../src/serve/views.ts";
import { SEVERITIES } from "../../lib/alert-words.ts";
import type { JsonPath } from "../../lib/json-spans.ts";
import { conditionWords, isRecord, thresholdsOf, valueAtPath } from "../../lib/watch-fields.ts";
import { type SetAt, Thresholds } from "./watch-parts.tsx";

const SEVERITY: JsonPath = ["metadata", "alert", "severity"];

/** How bad it is: one severity, or steps of which the first that is met counts. */
export function SeveritySteps({ watch, setAt }: { watch: WatchBody; setAt: SetAt }) {
  const severity = valueAtPath(watch, SEVERITY);
  if (!Array.isArray(severity)) {
    return (
      <fieldset className="form">
        <legend>How bad it is</legend>
        <SeverityChoice
          label="Severity"
          value={typeof severity === "string" ? severity : "warning"}
          onChange={(value) => setAt(SEVERITY, value)}
        />
      </fieldset>
    );
  }
  return (
    <fieldset className="form severity-steps">
      <legend>How bad it is: the first that is met counts</legend>
      <ol>
        {severity.map((step: unknown, index) => {
          const path = [...SEVERITY, index];
          const when = valueAtPath(step, ["when"]);
          const thresholds = thresholdsOf(when, [...path, "when"]);
          return (
            // biome-ignore lint/suspicious/noArrayIndexKey: a step is its place
            <li key={index}>
              <SeverityChoice
                label={`Step ${index + 1}`}
                value={String(valueAtPath(step, ["severity"]) ?? "")}
                onChange={(value) => setAt([...path, "severity"], value)}
              />
              {thresholds.length === 0 ? (
                <p className="condition-words">{isRecord(when) ? conditionWords(when) : "in any other case"}</p>
              ) : (
                <Thresholds thresholds={thresholds} setAt={setAt} />
              )}
              <button
                type="button"
                className="tool-button small"
                aria-label={`Remove step ${index + 1}`}
                onClick={() => setAt(path, undefined)}
              >
                ×
              </button>
            </li>
          );
        })}
      </ol>
    </fieldset>
  );
}

function SeverityChoice({ label, value, onChange }: { label: string; value: string; onChange(value: string): void }) {
  const isKnown = SEVERITIES.some((one) => one === value);
  return (
    <label className="field">
      <span className="field-name">{label}</span>
      <select value={value} onChange={({ target }) => onChange(target.value)}>
        {!isKnown && <option value={value}>{value === "" ? "none" : value}</option>}
        {SEVERITIES.map((one) => (
          <option key={one} value={one}>
            {one}
          </option>
        ))}
      </select>
    </label>
  );
}
