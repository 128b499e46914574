import { useCallback } from "react";
import { FaultNotice } from "../components/fault-notice.tsx";
import { Link } from "../components/link.tsx";
import { Panel } from "../components/panel.tsx";
import { BoardSkeleton } from "../components/skeleton.tsx";
import { formatCount } from "../lib/format.ts";
import type { DashboardsAnswer } from "../lib/panel-views.ts";
import { panelApi } from "../lib/panels-of.ts";
import { dashboardEditPath, dashboardPath } from "../lib/router.ts";
import { useAnswer } from "../lib/use-answer.ts";
import { useMode } from "../lib/use-mode.ts";

/** The dashboards there are: one's own first, then those that came with the monitor. */
export function DashboardsPage() {
  const ask = useCallback((signal: AbortSignal) => panelApi.dashboards(signal), []);
  const told = useAnswer(ask, undefined);
  const mode = useMode();
  if (told.kind === "loading") return <BoardSkeleton what="Dashboards" />;
  if (told.kind === "failed")
    return <FaultNotice heading="Dashboards" title="The dashboards could not be read" fault={told.fault} />;
  const { dashboards } = told.answer;
  const saved = dashboards.filter(({ origin }) => origin === "saved");
  const shipped = dashboards.filter(({ origin }) => origin === "shipped");
  return (
    <div className="boards-page">
      <header className="page-head">
        <h1>Dashboards</h1>
        {mode.writes && (
          <Link to="/dashboards/new" className="button primary">
            New dashboard
          </Link>
        )}
      </header>
      {saved.length > 0 && <Boards title="Your own" boards={saved} editable={mode.writes} />}
      <Boards title="Shipped with the monitor" boards={shipped} editable={false} />
      {mode.writes && <PanelList />}
    </div>
  );
}

function Boards(props: { title: string; boards: DashboardsAnswer["dashboards"]; editable: boolean }) {
  const { title, boards, editable } = props;
  return (
    <section className="boards" aria-label={title}>
      <h2>{title}</h2>
      <ul className="board-list">
        {boards.map((board) => (
          <li key={board.id} className="panel">
            <h3>
              <Link to={dashboardPath(board.id)}>{board.title}</Link>
            </h3>
            <p className="muted">{board.description}</p>
            <p className="hint">
              {formatCount(board.panels, "panel")}
              {editable && (
                <>
                  {" · "}
                  <Link to={dashboardEditPath(board.id)} label={`Edit ${board.title}`}>
                    edit
                  </Link>
                </>
              )}
            </p>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Panels that were saved, whatever dashboard shows them. */
function PanelList() {
  const ask = useCallback((signal: AbortSignal) => panelApi.panels(signal), []);
  const told = useAnswer(ask, undefined);
  const saved = told.kind === "ready" ? told.answer.panels.filter(({ origin }) => origin === "saved") : [];
  return (
    <Panel
      title="Your panels"
      hint="A panel is a search and how its answer is drawn; dashboards show it."
      aside={
        <Link to="/panels/new" className="button">
          New panel
        </Link>
      }
    >
      {saved.length === 0 ? (
        <p className="empty">
          None was saved yet. A shipped one is a good start: a dashboard's panel menu leads to it.
        </p>
      ) : (
        <ul className="plain-list">
          {saved.map(({ id, title, kind, index }) => (
            <li key={id}>
              <Link to={`/panels/${id}/edit`}>{title}</Link>{" "}
              <span className="muted">
                {kind} over <code>{index}</code>
              </span>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}
