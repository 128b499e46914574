import { useCallback, useRef } from "react";
import type { Chosen, Panel, TimeRange } from "../../../../src/panels/panel.ts";
import { faultWords } from "../../lib/fault-words.ts";
import { panelApi } from "../../lib/panels-of.ts";
import { useAnswer } from "../../lib/use-answer.ts";
import { useSeen } from "../../lib/use-seen.ts";
import { PanelBones } from "./board-panel.tsx";
import { PanelFace } from "./panel-face.tsx";
import { PanelTrouble } from "./panel-trouble.tsx";

const NOTHING_CHOSEN: Chosen = {};

/** A panel as it would be shown, of the store or just written. */
export function PanelPreview(props: { panel: Panel; time: TimeRange; stored?: boolean; asTable?: boolean }) {
  const { panel, time, stored = false, asTable = false } = props;
  const box = useRef<HTMLDivElement>(null);
  const seen = useSeen(box);
  const { from, to } = time;
  const ask = useCallback(
    (signal: AbortSignal) => {
      const question = { time: { from, to }, chosen: NOTHING_CHOSEN };
      return stored ? panelApi.answer(panel.id, question, signal) : panelApi.preview(panel, question, signal);
    },
    [panel, from, to, stored],
  );
  const told = useAnswer(seen ? ask : undefined, undefined);
  return (
    <div className="panel-preview" ref={box}>
      {told.kind === "loading" && <PanelBones kind={panel.view.kind} />}
      {told.kind === "failed" && (
        <PanelTrouble title={faultWords(told.fault).title}>{faultWords(told.fault).sentence}</PanelTrouble>
      )}
      {told.kind === "ready" && <PanelFace panel={panel} answer={told.answer} asTable={asTable} />}
    </div>
  );
}
