import { useId, useState } from "react";
import type { ChannelView, WatchBody } from "../../../../src/serve/views.ts";
import { KIND_WORDS } from "../../lib/alert-words.ts";
import type { JsonPath } from "../../lib/json-spans.ts";
import { isRecord, valueAtPath } from "../../lib/watch-fields.ts";
import { TextField } from "../field.tsx";
import { type SetAt, TextAt } from "./watch-parts.tsx";

type Kind = ChannelView["kind"];

const KINDS: readonly Kind[] = ["email", "slack", "webhook", "logging", "index"];

/** What an action of each kind begins with. */
const STARTS: Readonly<Record<Kind, object>> = {
  email: { email: {} },
  slack: { slack: { message: {} } },
  webhook: {
    webhook: {
      method: "post",
      url: "https://hooks.example.org/",
      headers: { "content-type": "application/json" },
      body: '{"text": "{{ctx.vars.alert.title}}"}',
    },
  },
  logging: { logging: { level: "warn", text: "{{ctx.vars.alert.title}}" } },
  index: { index: { index: "found-by-rules" } },
};

/** Who is told and how: the actions of the watch, with the plain values of each. */
export function ActionFields({ watch, setAt }: { watch: WatchBody; setAt: SetAt }) {
  const actions = valueAtPath(watch, ["actions"]);
  const named = isRecord(actions) ? Object.entries(actions) : [];
  const [kind, setKind] = useState<Kind>("email");
  const id = useId();
  const add = () => {
    let name: string = kind;
    for (let count = 2; named.some(([one]) => one === name); count += 1) name = `${kind}_${count}`;
    setAt(["actions", name], STARTS[kind]);
  };
  return (
    <fieldset className="form actions-form">
      <legend>Who is told</legend>
      {named.length === 0 && <p className="hint">Nobody: it is shown here alone.</p>}
      {named.map(([name, action]) => (
        <Action key={name} name={name} action={action} watch={watch} setAt={setAt} />
      ))}
      <div className="form-end">
        <label htmlFor={id} className="visually-hidden">
          Kind of action to add
        </label>
        <select id={id} value={kind} onChange={({ target }) => setKind(target.value as Kind)}>
          {KINDS.map((one) => (
            <option key={one} value={one}>
              {KIND_WORDS[one]}
            </option>
          ))}
        </select>
        <button type="button" className="button" onClick={add}>
          Add action
        </button>
      </div>
    </fieldset>
  );
}

function Action(props: { name: string; action: unknown; watch: WatchBody; setAt: SetAt }) {
  const { name, action, watch, setAt } = props;
  const kind = KINDS.find((one) => valueAtPath(action, [one]) !== undefined);
  const at = (...path: string[]): JsonPath => ["actions", name, ...(kind === undefined ? [] : [kind]), ...path];
  const field = (label: string, path: JsonPath, more: { hint?: string; lines?: number } = {}) => (
    <TextAt watch={watch} setAt={setAt} path={path} label={label} {...more} />
  );
  return (
    <section className="action-fields" aria-label={`Action ${name}`}>
      <header>
        <h3 className="part-title">
          {name} <span className="muted">{kind === undefined ? "of an unknown kind" : KIND_WORDS[kind]}</span>
        </h3>
        <button
          type="button"
          className="tool-button small"
          aria-label={`Remove the action ${name}`}
          onClick={() => setAt(["actions", name], undefined)}
        >
          ×
        </button>
      </header>
      <div className="form-grid">
        {kind === "email" && (
          <>
            <ListAt
              watch={watch}
              setAt={setAt}
              path={at("to")}
              label="To"
              hint="Empty: whom the configuration names. Several with commas between them."
            />
            {field("Subject", at("subject"), { hint: "Empty: made of the alert." })}
          </>
        )}
        {kind === "slack" && (
          <>
            <ListAt
              watch={watch}
              setAt={setAt}
              path={at("message", "to")}
              label="Channels"
              hint="Empty: the webhook's own."
            />
            {field("Text", at("message", "text"), { hint: "Empty: made of the alert." })}
          </>
        )}
        {kind === "webhook" && (
          <>
            {valueAtPath(action, ["webhook", "host"]) === undefined
              ? field("Address", at("url"))
              : field("Host", at("host"))}
            {field("Method", at("method"))}
            {field("Body", at("body"), { lines: 3 })}
          </>
        )}
        {kind === "logging" && (
          <>
            {field("Line", at("text"), { lines: 2 })}
            {field("Level", at("level"), { hint: "error, warn, info, debug" })}
          </>
        )}
        {kind === "index" && field("Index", at("index"))}
        {field("Not again within", ["actions", name, "throttle_period"], { hint: "10m; empty: as the rule says" })}
      </div>
    </section>
  );
}

/** A list of names, or one, as a text with commas. */
function ListAt(props: { watch: WatchBody; setAt: SetAt; path: JsonPath; label: string; hint: string }) {
  const { watch, setAt, path, label, hint } = props;
  const value = valueAtPath(watch, path);
  const known = Array.isArray(value) ? value.join(", ") : typeof value === "string" ? value : "";
  const [text, setText] = useState(known);
  const shown = namesOf(text).join(", ") === known ? text : known;
  const change = (next: string) => {
    setText(next);
    const names = namesOf(next);
    setAt(path, names.length === 0 ? undefined : names);
  };
  return <TextField label={label} value={shown} hint={hint} onChange={change} />;
}

function namesOf(text: string): string[] {
  return text
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
}
