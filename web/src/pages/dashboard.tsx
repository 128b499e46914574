import { useCallback, useEffect, useMemo, useState } from "react";
import type { Chosen } from "../../../src/panels/panel.ts";
import { BoardGrid } from "../components/board/board-grid.tsx";
import { RefreshControl } from "../components/board/refresh-control.tsx";
import { TimePicker } from "../components/board/time-picker.tsx";
import { VariableBar } from "../components/board/variable-bar.tsx";
import { FaultNotice } from "../components/fault-notice.tsx";
import { FullScreenButton } from "../components/full-screen-button.tsx";
import { Link } from "../components/link.tsx";
import { BoardSkeleton } from "../components/skeleton.tsx";
import type { DashboardAnswer } from "../lib/panel-views.ts";
import { panelApi } from "../lib/panels-of.ts";
import { dashboardEditPath, dashboardPath, navigate, panelEditPath, useLocation } from "../lib/router.ts";
import { endsNow } from "../lib/time-words.ts";
import { useAnswer } from "../lib/use-answer.ts";
import { useMode } from "../lib/use-mode.ts";
import { useTicks } from "../lib/use-ticks.ts";
import { pathWith, readViewState, type ViewState, writeViewState } from "../lib/view-state.ts";

/** A dashboard, over the range of time and what is chosen in the address. */
export function DashboardPage({ id }: { id: string }) {
  const ask = useCallback((signal: AbortSignal) => panelApi.dashboard(id, signal), [id]);
  const told = useAnswer(ask, undefined);
  if (told.kind === "loading") return <BoardSkeleton what="the dashboard" />;
  if (told.kind === "failed") {
    const title = told.fault.status === 404 ? `There is no dashboard '${id}'` : "The dashboard could not be read";
    return <FaultNotice heading="Dashboard" title={title} fault={told.fault} />;
  }
  return <Board told={told.answer} />;
}

function Board({ told }: { told: DashboardAnswer }) {
  const { dashboard, panels, origin } = told;
  const { query } = useLocation();
  const mode = useMode();
  const address = query.toString();
  const view = useMemo(() => readViewState(new URLSearchParams(address)), [address]);
  const [paused, setPaused] = useState(false);
  const time = view.time ?? dashboard.time;
  const refreshS = view.refreshS ?? dashboard.refresh_s;
  const ticks = useTicks({ time, refreshS, paused });
  const { from, to } = time;
  const { chosen } = view;
  // The address changes with what is no part of the question, too: it stays the same then.
  const chosenText = JSON.stringify(chosen);
  const question = useMemo(
    () => ({ time: { from, to }, chosen: JSON.parse(chosenText) as Chosen }),
    [from, to, chosenText],
  );
  const askVariables = useCallback((signal: AbortSignal) => panelApi.variables(signal), []);
  const variables = useAnswer(askVariables, undefined);
  const change = (changes: Partial<ViewState>, replace = true) =>
    navigate(pathWith(dashboardPath(dashboard.id), writeViewState({ ...view, ...changes })), { replace });
  const onFull = (full: string | undefined) => change({ full }, false);
  useEscape(view.full !== undefined, () => onFull(undefined));
  return (
    <div className="board-page">
      <header className="page-head">
        <div>
          <h1>{dashboard.title}</h1>
          <p className="hint">{dashboard.description}</p>
        </div>
        <div className="page-tools">
          <FullScreenButton />
          {mode.writes && <EditLink told={told} />}
        </div>
      </header>
      <section className="board-bar" aria-label="What is shown">
        <TimePicker time={time} onChange={(next) => change({ time: next }, false)} />
        <VariableBar
          variables={dashboard.variables}
          values={variables.kind === "ready" ? variables.answer : undefined}
          chosen={chosen}
          onChange={(next) => change({ chosen: next })}
        />
        <RefreshControl
          refreshS={refreshS}
          paused={paused}
          follows={endsNow(time)}
          tickedMs={ticks.tickedMs}
          onChange={(next) => change({ refreshS: next === dashboard.refresh_s ? undefined : next })}
          onPause={setPaused}
          onNow={ticks.now}
        />
      </section>
      {dashboard.grid.length === 0 ? (
        <p className="empty">This dashboard has no panel yet.</p>
      ) : (
        <BoardGrid
          dashboard={dashboard}
          panels={panels}
          question={question}
          tick={ticks.tick}
          full={view.full}
          onFull={onFull}
          editPath={(panel) => (mode.writes ? `${panelEditPath(panel)}?dashboard=${dashboard.id}` : undefined)}
        />
      )}
      {origin === "shipped" && <p className="hint board-origin">This dashboard came with the monitor.</p>}
    </div>
  );
}

function EditLink({ told: { dashboard, origin } }: { told: DashboardAnswer }) {
  return origin === "saved" ? (
    <Link to={dashboardEditPath(dashboard.id)} className="button">
      Edit
    </Link>
  ) : (
    <Link to={`/dashboards/new?of=${dashboard.id}`} className="button">
      Duplicate and edit
    </Link>
  );
}

function useEscape(active: boolean, act: () => void): void {
  useEffect(() => {
    if (!active) return;
    const leave = (event: KeyboardEvent) => {
      if (event.key === "Escape" && document.querySelector("dialog[open]") === null) act();
    };
    document.addEventListener("keydown", leave);
    return () => document.removeEventListener("keydown", leave);
  });
}
