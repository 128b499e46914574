import type { WatchBody } from "../../../../src/serve/views.ts";
import type { JsonPath } from "../../lib/json-spans.ts";
import {
  conditionWords,
  isRecord,
  parametersOf,
  rangeLimitsOf,
  scriptOf,
  thresholdsOf,
  valueAtPath,
  withValueAt,
} from "../../lib/watch-fields.ts";
import { TextField } from "../field.tsx";
import { ActionFields } from "./action-fields.tsx";
import { SeveritySteps } from "./severity-steps.tsx";
import { type Part, type SetAt, SwitchAt, TextAt, Thresholds } from "./watch-parts.tsx";

/** What of a watch is a plain value, as a form; the rest is written as JSON. */
export function WatchForm({ watch, onChange }: { watch: WatchBody; onChange(watch: unknown): void }) {
  const setAt: SetAt = (path, value) => onChange(withValueAt(watch, path, value));
  const alert = valueAtPath(watch, ["metadata", "alert"]);
  return (
    <div className="watch-form">
      <fieldset className="form">
        <legend>What it is</legend>
        <TextAt watch={watch} setAt={setAt} path={["metadata", "name"]} label="Title" />
        <TextAt watch={watch} setAt={setAt} path={["metadata", "description"]} label="What it means" lines={3} />
      </fieldset>
      <When watch={watch} setAt={setAt} />
      <What watch={watch} setAt={setAt} />
      {isRecord(alert) ? (
        <>
          <SeveritySteps watch={watch} setAt={setAt} />
          <Life watch={watch} setAt={setAt} />
          <Says watch={watch} setAt={setAt} />
        </>
      ) : (
        <Plain watch={watch} setAt={setAt} />
      )}
      <ActionFields watch={watch} setAt={setAt} />
    </div>
  );
}

const WHERE: JsonPath = ["trigger", "stream", "where"];

function When({ watch, setAt }: Part) {
  const schedule = valueAtPath(watch, ["trigger", "schedule"]);
  const stream = valueAtPath(watch, ["trigger", "stream"]);
  const where = valueAtPath(watch, WHERE);
  const last = valueAtPath(watch, ["trigger", "stream", "last"]);
  return (
    <fieldset className="form">
      <legend>When it is checked</legend>
      {isRecord(schedule) && "interval" in schedule && (
        <TextAt
          watch={watch}
          setAt={setAt}
          path={["trigger", "schedule", "interval"]}
          label="Every"
          hint="30s, 5m, 1h"
        />
      )}
      {isRecord(schedule) && "cron" in schedule && (
        <TextAt watch={watch} setAt={setAt} path={["trigger", "schedule", "cron"]} label="Cron, seconds first, UTC" />
      )}
      {isRecord(schedule) && !("interval" in schedule) && !("cron" in schedule) && (
        <p className="hint">By a calendar: it is written as JSON.</p>
      )}
      {isRecord(stream) && (
        <>
          <TextAt
            watch={watch}
            setAt={setAt}
            path={["trigger", "stream", "dataset"]}
            label="With each new document of"
            hint="A dataset of the monitor; docs/datasets.md lists them."
          />
          {where !== undefined && (
            <div className="field">
              <p className="field-name">Where</p>
              <p className="condition-words">{conditionWords(where)}</p>
            </div>
          )}
          <Thresholds thresholds={thresholdsOf(where, WHERE)} setAt={setAt} />
          {typeof last === "number" && (
            <Thresholds
              thresholds={[{ path: ["trigger", "stream", "last"], label: "newest documents it sees", value: last }]}
              setAt={setAt}
            />
          )}
        </>
      )}
      {!isRecord(schedule) && !isRecord(stream) && <p className="hint">It has no trigger yet: write one as JSON.</p>}
    </fieldset>
  );
}

function What({ watch, setAt }: Part) {
  const condition = valueAtPath(watch, ["condition"]);
  const script = valueAtPath(condition, ["script"]);
  const scriptPath: JsonPath = ["condition", "script", ...(isRecord(script) ? ["source"] : [])];
  const thresholds = [
    ...thresholdsOf(condition, ["condition"]),
    ...parametersOf(watch),
    ...rangeLimitsOf(valueAtPath(watch, ["input"]), ["input"]),
  ];
  return (
    <fieldset className="form">
      <legend>When it is met</legend>
      {script === undefined ? (
        <p className="condition-words wide">{conditionWords(condition)}</p>
      ) : (
        <div className="wide">
          <TextField
            label="Expression"
            value={scriptOf(script)}
            lines={linesOf(scriptOf(script))}
            onChange={(text) => setAt(scriptPath, text)}
          />
        </div>
      )}
      <Thresholds thresholds={thresholds} setAt={setAt} />
      {thresholds.length === 0 && <p className="hint">It has no figures to change here; the JSON has all of it.</p>}
    </fieldset>
  );
}

const LETTERS_A_LINE = 80;

/** As many lines as an expression takes, about. */
function linesOf(script: string): number {
  return Math.min(10, 2 + Math.floor(script.length / LETTERS_A_LINE));
}

const ALERT: JsonPath = ["metadata", "alert"];
const at = (key: string): JsonPath => [...ALERT, key];

function Life({ watch, setAt }: Part) {
  return (
    <fieldset className="form">
      <legend>How long it lasts</legend>
      <TextAt
        watch={watch}
        setAt={setAt}
        path={at("holds_for")}
        label="It must hold for"
        hint="30s, 2 slots, 1 epochs"
      />
      <TextAt
        watch={watch}
        setAt={setAt}
        path={at("over_after")}
        label="It is over when it was not met for"
        hint="2m, 4 slots"
      />
      <TextAt
        watch={watch}
        setAt={setAt}
        path={["throttle_period"]}
        label="One that lasts is told again after"
        hint="Empty: it is told once."
      />
      <SwitchAt
        watch={watch}
        setAt={setAt}
        path={at("tell_over")}
        label="Say when it is over"
        otherwise={valueAtPath(watch, at("event")) !== true}
      />
    </fieldset>
  );
}

function Says({ watch, setAt }: Part) {
  return (
    <fieldset className="form">
      <legend>What it says</legend>
      <TextAt watch={watch} setAt={setAt} path={at("title")} label="In a line" lines={2} />
      <TextAt watch={watch} setAt={setAt} path={at("text")} label="What it means" lines={3} />
      <TextAt watch={watch} setAt={setAt} path={at("check_first")} label="What to check first" lines={3} />
    </fieldset>
  );
}

function Plain({ watch, setAt }: Part) {
  const name = valueAtPath(watch, ["metadata", "name"]);
  return (
    <fieldset className="form">
      <legend>A plain watch of Watcher</legend>
      <TextAt
        watch={watch}
        setAt={setAt}
        path={["throttle_period"]}
        label="Its actions stay silent after they ran for"
        hint="Empty: 5 s, as in Watcher."
      />
      <div className="field">
        <p className="hint">It has no severity, and is a warning until its condition is first not met.</p>
        <button
          type="button"
          className="button"
          onClick={() =>
            setAt(ALERT, {
              scope: "monitor",
              severity: "warning",
              title: typeof name === "string" && name !== "" ? name : "It was found",
              over_after: "5m",
            })
          }
        >
          Give it a severity and a life
        </button>
      </div>
    </fieldset>
  );
}
