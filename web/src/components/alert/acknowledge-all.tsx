import type { AlertRecord } from "../../../../src/serve/views.ts";
import { alertApi } from "../../lib/alert-api.ts";
import { sentenceOf } from "../../lib/format.ts";
import { useMonitor } from "../../lib/monitor.tsx";
import { useSave } from "../../lib/use-save.ts";
import { ConfirmButton } from "../confirm-button.tsx";

/** Acknowledges all that is open and listed, one after the other. */
export function AcknowledgeAll({ alerts, onChanged }: { alerts: readonly AlertRecord[]; onChanged(): void }) {
  const { store } = useMonitor();
  const saving = useSave();
  if (alerts.length < 2) return null;
  return (
    <div className="acknowledge-all">
      {saving.busy ? (
        <span className="muted" role="status">
          Acknowledging…
        </span>
      ) : (
        <ConfirmButton
          words={`Acknowledge all ${alerts.length}`}
          question="Nobody is told until they are worse or over."
          onConfirm={() =>
            saving.send(async (signal) => {
              for (const { id } of alerts) store.take({ event: "alert", data: await alertApi.acknowledge(id, signal) });
            }, onChanged)
          }
        />
      )}
      {saving.fault !== undefined && (
        <p className="problems" role="alert">
          {sentenceOf(saving.fault.message)}
        </p>
      )}
    </div>
  );
}
