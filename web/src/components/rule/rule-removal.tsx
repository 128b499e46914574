import type { RuleView } from "../../../../src/serve/views.ts";
import { alertApi } from "../../lib/alert-api.ts";
import { sentenceOf } from "../../lib/format.ts";
import { navigate } from "../../lib/router.ts";
import { useSave } from "../../lib/use-save.ts";
import { ConfirmButton } from "../confirm-button.tsx";

/** Deletes a rule of one's own, or takes back what was changed of one that came with the monitor. */
export function RuleRemoval({ rule, onRestored }: { rule: RuleView; onRestored(): void }) {
  const { id, origin } = rule;
  const saving = useSave();
  const restores = origin === "changed";
  return (
    <>
      <ConfirmButton
        words={restores ? "Restore the shipped one" : "Delete"}
        question={restores ? "Your changes are gone then." : "The rule is gone then; its alerts stay."}
        onConfirm={() =>
          saving.send(
            (signal) => alertApi.removeRule(id, signal),
            () => {
              if (restores) onRestored();
              else navigate("/rules");
            },
          )
        }
      />
      {saving.fault !== undefined && (
        <p className="problems" role="alert">
          {sentenceOf(saving.fault.message)}
        </p>
      )}
    </>
  );
}
