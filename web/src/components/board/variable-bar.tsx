import type { Chosen, Variable } from "../../../../src/panels/panel.ts";
import type { VariablesAnswer } from "../../lib/panel-views.ts";
import { PopoverButton } from "../popover-button.tsx";

const WORDS: Readonly<Record<Variable, { one: string; all: string }>> = {
  network: { one: "Network", all: "every network" },
  node: { one: "Node", all: "every node" },
  client: { one: "Client", all: "every client" },
  group: { one: "Group", all: "every group" },
};

/** What the dashboard can be narrowed to; nothing chosen is all of it. */
export function VariableBar(props: {
  variables: readonly Variable[];
  values: VariablesAnswer | undefined;
  chosen: Chosen;
  onChange(chosen: Chosen): void;
}) {
  const { variables, values, chosen, onChange } = props;
  return variables.map((variable) => {
    const picked = chosen[variable] ?? [];
    const known = valuesOf(values, variable);
    const choices = [...known, ...picked.filter((value) => !known.some(({ name }) => name === value)).map(plain)];
    // One network, or one client, is no choice.
    if (choices.length < 2 && picked.length === 0) return null;
    const toggle = (name: string, on: boolean) => {
      const next = on ? [...picked, name] : picked.filter((value) => value !== name);
      const { [variable]: _, ...others } = chosen;
      onChange(next.length === 0 ? others : { ...others, [variable]: next });
    };
    return (
      <PopoverButton
        key={variable}
        words={
          <>
            <span className="muted">{WORDS[variable].one}</span> {pickedWords(picked, WORDS[variable].all)}
          </>
        }
      >
        {() => (
          <fieldset className="choices">
            <legend>{WORDS[variable].one}: nothing chosen is all of them</legend>
            {choices.map(({ name, more }) => (
              <label key={name}>
                <input
                  type="checkbox"
                  checked={picked.includes(name)}
                  onChange={(event) => toggle(name, event.target.checked)}
                />
                {name}
                {more !== undefined && <span className="muted"> {more}</span>}
              </label>
            ))}
          </fieldset>
        )}
      </PopoverButton>
    );
  });
}

type Choice = { name: string; more?: string };

function plain(name: string): Choice {
  return { name };
}

function valuesOf(values: VariablesAnswer | undefined, variable: Variable): Choice[] {
  if (values === undefined) return [];
  if (variable === "node")
    return values.node.map(({ name, client }) => (client === null ? { name } : { name, more: client }));
  return values[variable].map(plain);
}

function pickedWords(picked: readonly string[], all: string): string {
  if (picked.length === 0) return all;
  return picked.length > 2 ? `${picked.length} chosen` : picked.join(", ");
}
