import { type FormEvent, useId, useState } from "react";
import type { AlertRecord, RuleView } from "../../../../src/serve/views.ts";
import { alertApi } from "../../lib/alert-api.ts";
import { formatUtc, sentenceOf } from "../../lib/format.ts";
import { useLive, useMonitor } from "../../lib/monitor.tsx";
import { coverWords, hoursOf, MOST_SILENCE_HOURS, SILENCE_HOURS, untilMs } from "../../lib/silence-words.ts";
import { useSave } from "../../lib/use-save.ts";
import { TextField } from "../field.tsx";
import { Modal } from "../modal.tsx";

const EVERY_RULE = "*";

/** Asks what is to be silent, where, for how long and why. */
export function SilenceDialog(props: {
  /** The alert that one wants to be silent about. */
  about?: Pick<AlertRecord, "rule" | "nodes" | "scope">;
  rules: readonly RuleView[];
  titleOf(rule: string): string;
  onClose(): void;
  onSaved(): void;
}) {
  const { about, rules, titleOf, onClose, onSaved } = props;
  const { clock } = useMonitor();
  const { nodes: known } = useLive().state;
  const saving = useSave();
  const isOfNodes = about?.scope === "node" || about?.scope === "host";
  const [rule, setRule] = useState(about?.rule ?? EVERY_RULE);
  const [nodes, setNodes] = useState<readonly string[]>(isOfNodes ? about.nodes : []);
  const [choice, setChoice] = useState("1");
  const [own, setOwn] = useState("8");
  const [reason, setReason] = useState("");
  const names = [...new Set([...known.keys(), ...(about?.nodes ?? [])])].sort();
  const hours = choice === "own" ? hoursOf(own) : Number(choice);
  const until = hours === undefined ? undefined : untilMs(clock.nowMs(), hours);
  const save = (event: FormEvent) => {
    event.preventDefault();
    if (hours === undefined) return;
    const body = { rules: [rule], nodes, until_ms: untilMs(clock.nowMs(), hours), reason: reason.trim() };
    saving.send((signal) => alertApi.silence(body, signal), onSaved);
  };
  return (
    <Modal title="Be silent for a while" onClose={onClose}>
      <form onSubmit={save} className="form silence-form">
        <RuleChoice rule={rule} about={about?.rule} rules={rules} titleOf={titleOf} onChange={setRule} />
        {names.length > 0 && <NodeChoice names={names} nodes={nodes} onChange={setNodes} />}
        <fieldset className="choices">
          <legend>How long</legend>
          <div className="pills">
            {SILENCE_HOURS.map((one) => (
              <Pill key={one} words={`${one} h`} value={String(one)} chosen={choice} onChoose={setChoice} />
            ))}
            <Pill words="own" value="own" chosen={choice} onChoose={setChoice} />
          </div>
        </fieldset>
        {choice === "own" && (
          <TextField
            label="Hours"
            value={own}
            problems={
              hours === undefined
                ? [{ path: "", sentence: `A number of hours, ${MOST_SILENCE_HOURS} at most (30 days).` }]
                : []
            }
            onChange={setOwn}
          />
        )}
        <TextField label="Why" value={reason} lines={2} hint="Whoever looks next will ask." onChange={setReason} />
        {until !== undefined && (
          <p className="hint" role="status">
            Nobody is told of {coverWords({ rules: [rule], nodes }, titleOf)} until {formatUtc(until)}. It is judged and
            shown here all the same.
          </p>
        )}
        {saving.fault !== undefined && (
          <p className="problems" role="alert">
            Nothing was silenced: {sentenceOf(saving.fault.message)}
          </p>
        )}
        <div className="form-end">
          <button type="submit" className="button primary large" disabled={hours === undefined || saving.busy}>
            Silence
          </button>
          <button type="button" className="button large" onClick={onClose}>
            Cancel
          </button>
        </div>
      </form>
    </Modal>
  );
}

function Pill(props: { words: string; value: string; chosen: string; onChoose(value: string): void }) {
  const { words, value, chosen, onChoose } = props;
  return (
    <label className={value === chosen ? "pill chosen" : "pill"}>
      <input
        type="radio"
        className="visually-hidden"
        name="hours"
        value={value}
        checked={value === chosen}
        onChange={() => onChoose(value)}
      />
      {words}
    </label>
  );
}

function RuleChoice(props: {
  rule: string;
  about: string | undefined;
  rules: readonly RuleView[];
  titleOf(rule: string): string;
  onChange(rule: string): void;
}) {
  const { rule, about, rules, titleOf, onChange } = props;
  const id = useId();
  const others = rules.filter((one) => one.id !== about).sort((a, b) => (a.title < b.title ? -1 : 1));
  return (
    <div className="field">
      <label htmlFor={id}>Which rule</label>
      <select id={id} value={rule} onChange={({ target }) => onChange(target.value)}>
        {about !== undefined && <option value={about}>{titleOf(about)}</option>}
        <option value={EVERY_RULE}>every rule</option>
        {others.map((one) => (
          <option key={one.id} value={one.id}>
            {one.title}
          </option>
        ))}
      </select>
    </div>
  );
}

function NodeChoice(props: {
  names: readonly string[];
  nodes: readonly string[];
  onChange(nodes: readonly string[]): void;
}) {
  const { names, nodes, onChange } = props;
  return (
    <fieldset className="choices">
      <legend>On which nodes</legend>
      <div className="pills">
        {names.map((name) => (
          <label key={name} className={nodes.includes(name) ? "pill chosen" : "pill"}>
            <input
              type="checkbox"
              className="visually-hidden"
              checked={nodes.includes(name)}
              onChange={({ target }) =>
                onChange(target.checked ? [...nodes, name] : nodes.filter((other) => other !== name))
              }
            />
            {name}
          </label>
        ))}
      </div>
      <p className="hint">
        {nodes.length === 0
          ? "None is chosen: whatever the alert is about."
          : "Alerts that are about these alone; what is about others, too, is told."}
      </p>
    </fieldset>
  );
}
