import type { RuleView } from "../../../../src/serve/views.ts";
import { alertApi } from "../../lib/alert-api.ts";
import { sentenceOf } from "../../lib/format.ts";
import { useMode } from "../../lib/use-mode.ts";
import { useSave } from "../../lib/use-save.ts";

/** Whether a rule is checked, and the switch for it. */
export function ActiveSwitch({ rule, onChanged }: { rule: RuleView; onChanged(): void }) {
  const { id, title, active } = rule;
  const mode = useMode();
  const saving = useSave();
  return (
    <>
      <button
        type="button"
        role="switch"
        className="switch"
        aria-checked={active}
        aria-label={`Check ${title}`}
        title={active ? "It is checked" : "It is not checked"}
        disabled={!mode.writes || saving.busy}
        onClick={() => saving.send((signal) => alertApi.setActive(id, !active, signal), onChanged)}
      >
        <span className="switch-knob" />
        <span className="switch-words">{active ? "on" : "off"}</span>
      </button>
      {saving.fault !== undefined && (
        <span className="problems" role="alert">
          {sentenceOf(saving.fault.message)}
        </span>
      )}
    </>
  );
}
