import { useCallback, useMemo, useState } from "react";
import { type Dashboard, type Panel, VARIABLES } from "../../../../src/panels/panel.ts";
import { addPlace } from "../../lib/board-layout.ts";
import { sentenceOf } from "../../lib/format.ts";
import { checkDashboard } from "../../lib/panel-check.ts";
import { panelApi } from "../../lib/panels-of.ts";
import { dashboardPath, navigate } from "../../lib/router.ts";
import { useAnswer } from "../../lib/use-answer.ts";
import { useUnsaved } from "../../lib/use-draft.ts";
import { useSave } from "../../lib/use-save.ts";
import { ConfirmButton } from "../confirm-button.tsx";
import { Problems } from "../json-editor.tsx";
import { Link } from "../link.tsx";
import { EditGrid } from "./edit-grid.tsx";
import { NameFields } from "./name-fields.tsx";
import { TimePicker } from "./time-picker.tsx";

const SIZES: Readonly<Record<Panel["view"]["kind"], { w: number; h: number }>> = {
  "vega-lite": { w: 24, h: 14 },
  metric: { w: 12, h: 8 },
  table: { w: 24, h: 14 },
};
const REFRESH_S = [0, 5, 15, 30, 60, 300, 900];

/** A dashboard's title, what it can be narrowed to, and its grid with the panels as they will be. */
export function DashboardForm(props: { start: Dashboard; panels: readonly Panel[]; isNew: boolean }) {
  const { start, isNew } = props;
  const [draft, setDraft] = useState(start);
  const [panels, setPanels] = useState<ReadonlyMap<string, Panel>>(
    () => new Map(props.panels.map((panel) => [panel.id, panel])),
  );
  const [tried, setTried] = useState(false);
  const saving = useSave();
  const removing = useSave();
  const adding = useSave();
  useUnsaved(draft !== start && !saving.busy);
  const change = (changes: Partial<Dashboard>) => setDraft((before) => ({ ...before, ...changes }));
  const checked = useMemo(() => checkDraft(draft), [draft]);
  const problems = tried ? checked.problems : undefined;
  const askList = useCallback((signal: AbortSignal) => panelApi.panels(signal), []);
  const list = useAnswer(askList, undefined);

  const save = () => {
    setTried(true);
    const dashboard = checked.value;
    if (dashboard === undefined) return;
    saving.send(
      (signal) => panelApi.saveDashboard(dashboard, signal),
      () => navigate(dashboardPath(dashboard.id)),
    );
  };
  const add = (id: string) =>
    adding.send(
      async (signal) => {
        const { panel } = await panelApi.panel(id, signal);
        setPanels((before) => new Map(before).set(id, panel));
        setDraft((before) => ({ ...before, grid: addPlace(before.grid, id, SIZES[panel.view.kind]) }));
      },
      () => undefined,
    );
  return (
    <div className="board-page">
      <header className="page-head">
        <h1>{isNew ? "New dashboard" : `Edit ${start.title}`}</h1>
        <div className="page-tools">
          <Link to={isNew ? "/dashboards" : dashboardPath(start.id)} className="button">
            Leave
          </Link>
          {!isNew && (
            <ConfirmButton
              words="Delete"
              question="The dashboard is gone then, its panels stay."
              onConfirm={() =>
                removing.send(
                  (signal) => panelApi.removeDashboard(start.id, signal),
                  () => navigate("/dashboards"),
                )
              }
            />
          )}
          <button type="button" className="button primary" disabled={saving.busy} onClick={save}>
            Save
          </button>
        </div>
      </header>
      {[saving.fault, removing.fault, adding.fault].map(
        (fault) =>
          fault !== undefined && (
            <p className="problems" role="alert" key={fault.message}>
              {sentenceOf(fault.message)}
            </p>
          ),
      )}
      {tried && <Problems problems={checked.problems ?? []} />}
      <section className="panel form-grid" aria-label="The dashboard">
        <NameFields
          draft={draft}
          isNew={isNew}
          problems={problems}
          labels={{ id: "Id, in its address", description: "What it is for" }}
          change={change}
        />
        <fieldset className="choices row">
          <legend>Can be narrowed to</legend>
          {VARIABLES.map((variable) => (
            <label key={variable}>
              <input
                type="checkbox"
                checked={draft.variables.includes(variable)}
                onChange={({ target }) =>
                  change({
                    variables: VARIABLES.filter((one) =>
                      one === variable ? target.checked : draft.variables.includes(one),
                    ),
                  })
                }
              />
              {variable}
            </label>
          ))}
        </fieldset>
        <div className="field">
          <span className="field-name">Time range, unless another is chosen</span>
          <TimePicker time={draft.time} onChange={(time) => change({ time })} />
        </div>
        <label className="field">
          <span className="field-name">Refresh</span>
          <select value={draft.refresh_s} onChange={({ target }) => change({ refresh_s: Number(target.value) })}>
            {[...new Set([...REFRESH_S, draft.refresh_s])].map((seconds) => (
              <option key={seconds} value={seconds}>
                {seconds === 0 ? "never by itself" : `at least every ${seconds} s`}
              </option>
            ))}
          </select>
        </label>
      </section>
      <AddPanel choices={list.kind === "ready" ? list.answer.panels : []} busy={adding.busy} onAdd={add} />
      <EditGrid grid={draft.grid} panels={panels} time={draft.time} onChange={(grid) => change({ grid: [...grid] })} />
    </div>
  );
}

function AddPanel(props: {
  choices: readonly { id: string; title: string; kind: string }[];
  busy: boolean;
  onAdd(id: string): void;
}) {
  const { choices, busy, onAdd } = props;
  const [chosen, setChosen] = useState("");
  const sorted = useMemo(() => [...choices].sort((a, b) => a.title.localeCompare(b.title)), [choices]);
  return (
    <section className="board-bar" aria-label="Add a panel">
      <select aria-label="Panel to add" value={chosen} onChange={({ target }) => setChosen(target.value)}>
        <option value="">Choose a panel…</option>
        {sorted.map(({ id, title, kind }) => (
          <option key={id} value={id}>
            {title} ({kind})
          </option>
        ))}
      </select>
      <button type="button" className="button" disabled={chosen === "" || busy} onClick={() => onAdd(chosen)}>
        Add panel
      </button>
      <Link to="/panels/new" className="button">
        New panel
      </Link>
    </section>
  );
}

/** The schema's own rules, and that `new` is the address of a dashboard that is not there yet. */
function checkDraft(draft: Dashboard) {
  const checked = checkDashboard(draft);
  if (draft.id !== "new") return checked;
  return { problems: [...(checked.problems ?? []), { path: "id", sentence: "'new' is taken: choose another id." }] };
}
