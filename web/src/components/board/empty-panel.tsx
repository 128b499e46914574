import { useCallback } from "react";
import type { Panel } from "../../../../src/panels/panel.ts";
import { emptyWords, newestRequest } from "../../lib/empty-words.ts";
import { formatUtc } from "../../lib/format.ts";
import { useNowMs } from "../../lib/monitor.tsx";
import type { PanelAnswer } from "../../lib/panel-views.ts";
import { panelApi } from "../../lib/panels-of.ts";
import { useAnswer } from "../../lib/use-answer.ts";
import { useMode } from "../../lib/use-mode.ts";
import { Moment } from "../moment.tsx";
import { PanelTrouble } from "./panel-trouble.tsx";

/** There is nothing in the range: since when, and why. */
export function EmptyPanel({ panel, answer }: { panel: Panel; answer: PanelAnswer }) {
  const mode = useMode();
  const { index } = answer.request;
  const field = panel.time_field ?? "@timestamp";
  const ask = useCallback(
    (signal: AbortSignal) => panelApi.search(newestRequest(index, field), signal),
    [index, field],
  );
  const newest = useAnswer(mode.public ? undefined : ask, undefined);
  const nowMs = useNowMs(10_000);
  const value = newest.kind === "ready" ? newest.answer.hits.hits[0]?.sort?.[0] : undefined;
  const newestMs = typeof value === "number" ? value : typeof value === "string" ? Date.parse(value) : Number.NaN;
  const none = newest.kind === "ready" && newest.answer.hits.hits.length === 0;
  return (
    <PanelTrouble title="No data in this range">
      {none ? (
        emptyWords(index)
      ) : (
        <>
          Nothing of <code>{index}</code> fits what is chosen between {formatUtc(answer.from_ms)} and{" "}
          {formatUtc(answer.to_ms)}.
          {Number.isFinite(newestMs) && (
            <>
              {" "}
              The newest document there is from <Moment timeMs={newestMs} nowMs={nowMs} />
              {newestMs >= answer.from_ms && newestMs < answer.to_ms
                ? ": it is not among what the panel asks for."
                : ", outside of the range."}
            </>
          )}
        </>
      )}
    </PanelTrouble>
  );
}
