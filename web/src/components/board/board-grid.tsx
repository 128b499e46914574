import { useMemo } from "react";
import type { Dashboard, Panel } from "../../../../src/panels/panel.ts";
import { createCrosshair } from "../../charts/crosshair.ts";
import type { PanelQuestion } from "../../lib/panel-api.ts";
import { BoardPanel } from "./board-panel.tsx";
import { PanelTrouble } from "./panel-trouble.tsx";

/** The panels at their places; in one column on a phone, in the order in which one reads. */
export function BoardGrid(props: {
  dashboard: Dashboard;
  panels: readonly Panel[];
  question: PanelQuestion;
  tick: unknown;
  full: string | undefined;
  onFull(id: string | undefined): void;
  editPath(id: string): string | undefined;
}) {
  const { dashboard, panels, question, tick, full, onFull, editPath } = props;
  const crosshair = useMemo(createCrosshair, []);
  const byId = useMemo(() => new Map(panels.map((panel) => [panel.id, panel])), [panels]);
  const places = useMemo(() => [...dashboard.grid].sort((a, b) => a.y - b.y || a.x - b.x), [dashboard]);
  return (
    <div className="board-grid">
      {places.map(({ panel: id, x, y, w, h }) => {
        const panel = byId.get(id);
        return (
          <div
            key={`${id} ${x} ${y}`}
            className={full === id ? "board-place full" : "board-place"}
            style={{ gridColumn: `${x + 1} / span ${w}`, gridRow: `${y + 1} / span ${h}`, "--rows": h } as object}
          >
            {panel === undefined ? (
              <section className="panel board-panel">
                <PanelTrouble title={`There is no panel '${id}'`}>
                  It was removed. Take it from the dashboard, or save a panel under this id again.
                </PanelTrouble>
              </section>
            ) : (
              <BoardPanel
                panel={panel}
                question={question}
                tick={tick}
                crosshair={crosshair}
                full={full === id}
                onFull={() => onFull(full === id ? undefined : id)}
                editPath={editPath(id)}
              />
            )}
          </div>
        );
      })}
    </div>
  );
}
