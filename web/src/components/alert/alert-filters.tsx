import { useId } from "react";
import type { RuleView } from "../../../../src/serve/views.ts";
import { type AlertFilter, isFiltered } from "../../lib/alert-filter.ts";
import { SEVERITIES } from "../../lib/alert-words.ts";
import { type Location, navigate, withQuery } from "../../lib/router.ts";

const ALL = "";

/** Narrows the lists by rule, severity and node; the choice is part of the address. */
export function AlertFilters(props: {
  location: Location;
  filter: AlertFilter;
  rules: readonly RuleView[];
  nodes: readonly string[];
}) {
  const { location, filter, rules, nodes } = props;
  const change = (changes: Partial<Record<keyof AlertFilter, string>>) =>
    navigate(
      withQuery(location, Object.fromEntries(Object.entries(changes).map(([key, value]) => [key, value || undefined]))),
      { replace: true },
    );
  const sorted = [...rules].sort((a, b) => (a.title < b.title ? -1 : 1));
  return (
    <section className="board-bar alert-filters" aria-label="Which alerts are shown">
      <Choice
        label="Rule"
        value={filter.rule}
        all="every rule"
        choices={sorted.map(({ id, title }) => ({ value: id, words: title }))}
        onChange={(rule) => change({ rule })}
      />
      <Choice
        label="Severity"
        value={filter.severity}
        all="any severity"
        choices={SEVERITIES.slice(1).map((one) => ({
          value: one,
          words: one === "emergency" ? one : `${one} or worse`,
        }))}
        onChange={(severity) => change({ severity })}
      />
      <Choice
        label="Node"
        value={filter.node}
        all="every node"
        choices={nodes.map((name) => ({ value: name, words: name }))}
        onChange={(node) => change({ node })}
      />
      {isFiltered(filter) && (
        <button type="button" className="quiet-button" onClick={() => change({ rule: ALL, severity: ALL, node: ALL })}>
          Show all
        </button>
      )}
    </section>
  );
}

/** One of several, or all of them; a value of the address that is not among them is shown as it is. */
export function Choice(props: {
  label: string;
  value: string | undefined;
  all: string;
  choices: readonly { value: string; words: string }[];
  onChange(value: string): void;
}) {
  const { label, value, all, choices, onChange } = props;
  const id = useId();
  const isKnown = value === undefined || choices.some((one) => one.value === value);
  return (
    <>
      <label className="visually-hidden" htmlFor={id}>
        {label}
      </label>
      <select
        id={id}
        className={value === undefined ? "" : "narrows"}
        value={value ?? ALL}
        onChange={({ target }) => onChange(target.value)}
      >
        <option value={ALL}>{all}</option>
        {!isKnown && <option value={value}>{value}</option>}
        {choices.map((one) => (
          <option key={one.value} value={one.value}>
            {one.words}
          </option>
        ))}
      </select>
    </>
  );
}
