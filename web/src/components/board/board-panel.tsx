import { type ReactNode, useCallback, useId, useRef, useState } from "react";
import type { Panel } from "../../../../src/panels/panel.ts";
import type { Crosshair } from "../../charts/crosshair.ts";
import type { ChartHandle } from "../../charts/vega-chart.tsx";
import { faultWords } from "../../lib/fault-words.ts";
import { narrowingWords } from "../../lib/narrowing.ts";
import type { PanelQuestion } from "../../lib/panel-api.ts";
import { panelApi } from "../../lib/panels-of.ts";
import { useAnswer } from "../../lib/use-answer.ts";
import { useSeen } from "../../lib/use-seen.ts";
import { Icon } from "../icons.tsx";
import { PanelFace } from "./panel-face.tsx";
import { PanelMenu } from "./panel-menu.tsx";
import { PanelTrouble } from "./panel-trouble.tsx";
import { QueryDialog } from "./query-dialog.tsx";

export type BoardPanelProps = {
  panel: Panel;
  question: PanelQuestion;
  /** Another one is the reason to ask again. */
  tick: unknown;
  crosshair?: Crosshair;
  full: boolean;
  onFull(): void;
  /** Where the panel is edited; undefined where nothing is. */
  editPath: string | undefined;
};

/** A panel of a dashboard: asked once it comes near the screen, with what can be done with it. */
export function BoardPanel(props: BoardPanelProps) {
  const { panel: stored, question, tick, crosshair, full, onFull, editPath } = props;
  const id = useId();
  const box = useRef<HTMLElement>(null);
  const handle = useRef<ChartHandle>(null);
  const seen = useSeen(box);
  const [asTable, setAsTable] = useState(false);
  const [dialog, setDialog] = useState(false);
  const [request, setRequest] = useState<Panel["request"]>();
  const panel = request === undefined ? stored : { ...stored, request };
  const ask = useCallback(
    (signal: AbortSignal) =>
      request === undefined
        ? panelApi.answer(stored.id, question, signal)
        : panelApi.preview({ ...stored, request }, question, signal),
    [stored, request, question],
  );
  const told = useAnswer(seen ? ask : undefined, tick);
  const answer = told.kind === "ready" ? told.answer : undefined;
  const untouched = narrowingWords(panel, question.chosen);
  const isMetric = panel.view.kind === "metric";
  const isChart = panel.view.kind === "vega-lite";
  return (
    <section className={`panel board-panel ${panel.view.kind}`} aria-labelledby={id} ref={box}>
      <header className="panel-head">
        <div>
          <h2 id={id}>{panel.title}</h2>
          {!isMetric && <Hint text={panel.description} />}
        </div>
        <div className="panel-tools">
          {isChart && (
            <button
              type="button"
              className="tool-button"
              aria-pressed={asTable}
              aria-label={`${panel.title} as a table`}
              title="As a table"
              onClick={() => setAsTable(!asTable)}
            >
              <Icon name="table" />
            </button>
          )}
          <PanelMenu
            panel={panel}
            answer={answer}
            handle={isChart && !asTable ? handle : undefined}
            full={full}
            onFull={onFull}
            onQuery={() => setDialog(true)}
            editPath={editPath}
          />
        </div>
      </header>
      {request !== undefined && (
        <p className="edited-query">
          Shows an edited query.{" "}
          <button type="button" className="link-button" onClick={() => setRequest(undefined)}>
            Back to the panel's own
          </button>
        </p>
      )}
      <div
        className={told.kind === "ready" && told.asking ? "panel-body asking" : "panel-body"}
        aria-busy={told.kind === "loading"}
      >
        {told.kind === "loading" && <PanelBones kind={panel.view.kind} />}
        {told.kind === "failed" && (
          <PanelTrouble title={faultWords(told.fault).title}>{faultWords(told.fault).sentence}</PanelTrouble>
        )}
        {told.kind === "ready" && (
          <PanelFace
            panel={panel}
            answer={told.answer}
            asTable={asTable}
            handle={handle}
            {...(crosshair === undefined ? {} : { crosshair })}
          />
        )}
      </div>
      {isMetric && (
        <p className="hint metric-hint" title={panel.description}>
          {withCode(panel.description)}
        </p>
      )}
      {untouched !== undefined && <p className="hint not-narrowed">{untouched}</p>}
      {told.kind === "ready" && told.fault !== undefined && (
        <p className="hint stale-words">Not renewed: {faultWords(told.fault).sentence}</p>
      )}
      {dialog && (
        <QueryDialog
          panel={panel}
          answer={answer}
          onClose={() => setDialog(false)}
          onRun={(next) => {
            setRequest(next);
            setDialog(false);
          }}
        />
      )}
    </section>
  );
}

function Hint({ text }: { text: string }) {
  return <p className="hint">{withCode(text)}</p>;
}

/** What stands between backticks is code. */
function withCode(text: string): ReactNode[] {
  // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a text have no names, and none has a state
  return text.split("`").map((part, at) => (at % 2 === 1 ? <code key={at}>{part}</code> : part));
}

/** The shape of what comes. */
export function PanelBones({ kind }: { kind: Panel["view"]["kind"] }): ReactNode {
  return (
    <div className="panel-bones">
      <span className="visually-hidden">Loading</span>
      {kind === "metric" ? (
        <>
          <span className="bone tall" />
          <span className="bone short" />
        </>
      ) : kind === "table" ? (
        <>
          <span className="bone short" />
          <span className="bone" />
          <span className="bone" />
          <span className="bone" />
        </>
      ) : (
        <span className="bone block" />
      )}
    </div>
  );
}
