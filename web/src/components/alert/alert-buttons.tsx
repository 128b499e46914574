import { useState } from "react";
import type { AlertRecord, RuleView } from "../../../../src/serve/views.ts";
import { alertApi } from "../../lib/alert-api.ts";
import { formatUtcTime, sentenceOf } from "../../lib/format.ts";
import { useMonitor } from "../../lib/monitor.tsx";
import { useMode } from "../../lib/use-mode.ts";
import { useSave } from "../../lib/use-save.ts";
import { Icon } from "../icons.tsx";
import { SilenceDialog } from "./silence-dialog.tsx";

/** What can be done with an alert: to acknowledge it, and to be silent about the like for a while. */
export function AlertButtons(props: {
  alert: AlertRecord;
  rules: readonly RuleView[];
  titleOf(rule: string): string;
  onChanged(): void;
}) {
  const { alert, rules, titleOf, onChanged } = props;
  const { store } = useMonitor();
  const mode = useMode();
  const saving = useSave();
  const [silencing, setSilencing] = useState(false);
  if (!mode.writes || alert.state === "over") return null;
  const acknowledge = () =>
    saving.send(async (signal) => {
      const data = await alertApi.acknowledge(alert.id, signal);
      store.take({ event: "alert", data });
    }, onChanged);
  return (
    <div className="alert-buttons">
      {alert.state === "open" ? (
        <button type="button" className="button primary large" disabled={saving.busy} onClick={acknowledge}>
          <Icon name="check" /> Acknowledge
        </button>
      ) : (
        <p className="acknowledged-words" role="status">
          <Icon name="check" /> Acknowledged
          {alert.acknowledged_ms !== null && ` at ${formatUtcTime(alert.acknowledged_ms)} UTC`}: nobody is told until it
          is worse or over.
        </p>
      )}
      <button type="button" className="button large" onClick={() => setSilencing(true)}>
        <Icon name="bell_off" /> Silence…
      </button>
      {saving.fault !== undefined && (
        <p className="problems" role="alert">
          It was not acknowledged: {sentenceOf(saving.fault.message)} Try again.
        </p>
      )}
      {silencing && (
        <SilenceDialog
          about={alert}
          rules={rules}
          titleOf={titleOf}
          onClose={() => setSilencing(false)}
          onSaved={() => {
            setSilencing(false);
            onChanged();
          }}
        />
      )}
    </div>
  );
}
