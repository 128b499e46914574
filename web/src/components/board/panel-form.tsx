import { useCallback, useMemo, useState } from "react";
import { type Dashboard, type Panel, type TimeRange, VARIABLES } from "../../../../src/panels/panel.ts";
import { sentenceOf } from "../../lib/format.ts";
import { readJson } from "../../lib/json-problems.ts";
import { draftOf, type PanelDraft, panelOfDraft, VIEW_TEMPLATES } from "../../lib/panel-draft.ts";
import { panelApi } from "../../lib/panels-of.ts";
import { dashboardPath, navigate, useLocation } from "../../lib/router.ts";
import { useAnswer } from "../../lib/use-answer.ts";
import { useUnsaved } from "../../lib/use-draft.ts";
import { useSave } from "../../lib/use-save.ts";
import { useSettledValue } from "../../lib/use-settled-value.ts";
import { readTime } from "../../lib/view-state.ts";
import { ConfirmButton } from "../confirm-button.tsx";
import { problemsAt, TextField } from "../field.tsx";
import { JsonEditor } from "../json-editor.tsx";
import { Link } from "../link.tsx";
import { NameFields } from "./name-fields.tsx";
import { PanelPreview } from "./panel-preview.tsx";
import { TimePicker } from "./time-picker.tsx";

/** The preview follows when nothing was typed for so long. */
const SETTLED_MS = 600;

/** A panel's words, its search and its view, with what it shows beside them. */
export function PanelForm(props: {
  start: Panel;
  isNew: boolean;
  /** The title of the shipped panel that this one begins as a copy of. */
  of: string | undefined;
  /** Where one came from. */
  dashboard: string | undefined;
  /** The panel that stands there now. */
  replaces: string | undefined;
}) {
  const { start, isNew, of, dashboard, replaces } = props;
  const { query } = useLocation();
  const [draft, setDraft] = useState(() => draftOf(start));
  const [tried, setTried] = useState(false);
  const [asTable, setAsTable] = useState(false);
  const [time, setTime] = useState<TimeRange>(readTime(query) ?? { from: "now-1h", to: "now" });
  const saving = useSave();
  const removing = useSave();
  const change = (changes: Partial<PanelDraft>) => setDraft((before) => ({ ...before, ...changes }));
  const checked = useMemo(() => panelOfDraft(draft), [draft]);
  const [unchanged] = useState(draft);
  useUnsaved(draft !== unchanged && !saving.busy);
  // What has no name yet is shown all the same.
  const shown = useSettledValue(
    useMemo(() => previewOf(draft), [draft]),
    SETTLED_MS,
  );
  const askIndices = useCallback((signal: AbortSignal) => panelApi.indices(signal), []);
  const indices = useAnswer(askIndices, undefined);
  const problems = tried ? (checked.problems ?? []) : [];
  // What is written in JSON is wrong or not at any time; an empty title is so only once one wants to save.
  const jsonProblems = (path: string) => problemsAt(checked.problems, path);
  const back = dashboard === undefined ? "/dashboards" : dashboardPath(dashboard);

  const save = () => {
    setTried(true);
    const panel = checked.value;
    if (panel === undefined) return;
    saving.send(
      async (signal) => {
        await panelApi.savePanel(panel, signal);
        if (dashboard !== undefined && replaces !== undefined && panel.id !== replaces)
          await replaceIn(dashboard, { before: replaces, after: panel.id }, signal);
      },
      () => navigate(back),
    );
  };
  return (
    <div className="board-page">
      <header className="page-head">
        <div>
          <h1>{isNew ? "New panel" : `Edit ${start.title}`}</h1>
          {of !== undefined && (
            <p className="hint">A copy of “{of}”, which came with the monitor and stays as it is.</p>
          )}
        </div>
        <div className="page-tools">
          <Link to={back} className="button">
            Leave
          </Link>
          {!isNew && (
            <ConfirmButton
              words="Delete"
              question="The panel is gone then."
              onConfirm={() =>
                removing.send(
                  (signal) => panelApi.removePanel(start.id, signal),
                  () => navigate(back),
                )
              }
            />
          )}
          <button type="button" className="button primary" disabled={saving.busy} onClick={save}>
            Save
          </button>
        </div>
      </header>
      {[saving.fault, removing.fault].map(
        (fault) =>
          fault !== undefined && (
            <p className="problems" role="alert" key={fault.message}>
              {sentenceOf(fault.message)}
            </p>
          ),
      )}
      <div className="editor">
        <section className="panel form" aria-label="The panel">
          <NameFields
            draft={draft}
            isNew={isNew}
            problems={problems}
            labels={{ id: "Id", description: "How to read it" }}
            change={change}
          />
          <TextField
            label="Index pattern"
            value={draft.index}
            hint="{network} stands for the network's name."
            list={indices.kind === "ready" ? indices.answer.indices.map(({ name }) => name) : []}
            problems={jsonProblems("request.index")}
            onChange={(index) => change({ index })}
          />
          <TextField
            label="Time field"
            value={draft.timeField}
            hint="By which the range of time filters; without one the panel shows whatever is newest."
            problems={jsonProblems("time_field")}
            onChange={(timeField) => change({ timeField })}
          />
          <JsonEditor
            label="Query DSL"
            hint='Without time range and variables. {"%autointerval%": true} stands for an interval.'
            text={draft.body}
            problems={jsonProblems("request.body")}
            onChange={(body) => change({ body })}
          />
          <div className="field">
            <label className="field-name" htmlFor="view-kind">
              View
            </label>
            <select
              id="view-kind"
              value={kindOf(draft.view)}
              onChange={({ target }) => {
                const template = VIEW_TEMPLATES[target.value as Panel["view"]["kind"]];
                if (template !== undefined) change({ view: JSON.stringify(template, null, 2) });
              }}
            >
              <option value="vega-lite">chart (Vega-Lite)</option>
              <option value="metric">one number</option>
              <option value="table">table</option>
              {!(kindOf(draft.view) in VIEW_TEMPLATES) && <option value={kindOf(draft.view)}>none yet</option>}
            </select>
          </div>
          <JsonEditor
            label="How it is drawn"
            text={draft.view}
            problems={jsonProblems("view")}
            rows={20}
            onChange={(view) => change({ view })}
          />
          <fieldset className="form">
            <legend>Fields by which the dashboard's variables narrow it</legend>
            {VARIABLES.map((variable) => (
              <TextField
                key={variable}
                label={variable}
                value={draft.variables[variable]}
                problems={problemsAt(problems, `variables.${variable}`)}
                onChange={(field) => change({ variables: { ...draft.variables, [variable]: field } })}
              />
            ))}
          </fieldset>
          <JsonEditor
            label="Links"
            hint='[{"title": "…", "to": "/nodes"}]'
            text={draft.links}
            problems={jsonProblems("links")}
            rows={4}
            onChange={(links) => change({ links })}
          />
        </section>
        <section className="editor-preview" aria-label="Preview">
          <div className="board-bar">
            <TimePicker time={time} onChange={setTime} />
            {shown?.view.kind === "vega-lite" && (
              <button
                type="button"
                className="quiet-button"
                aria-pressed={asTable}
                onClick={() => setAsTable(!asTable)}
              >
                As a table
              </button>
            )}
          </div>
          <div className="panel board-panel">
            {shown === undefined ? (
              <p className="empty">The preview follows once the panel is whole.</p>
            ) : (
              <>
                <header className="panel-head">
                  <div>
                    <h2>{draft.title === "" ? "Without a title yet" : draft.title}</h2>
                    <p className="hint">{draft.description}</p>
                  </div>
                </header>
                <div className="panel-body">
                  <PanelPreview panel={shown} time={time} asTable={asTable} />
                </div>
              </>
            )}
          </div>
        </section>
      </div>
    </div>
  );
}

function previewOf(draft: PanelDraft): Panel | undefined {
  const named = {
    ...draft,
    id: "preview",
    title: draft.title || "Preview",
    description: draft.description || "Preview.",
  };
  return panelOfDraft(named).value;
}

function kindOf(view: string): string {
  const { value } = readJson(view);
  return typeof value === "object" && value !== null && "kind" in value ? String(value.kind) : "";
}

/** On a saved dashboard the new panel takes the old one's place; a shipped one cannot change. */
async function replaceIn(id: string, panel: { before: string; after: string }, signal: AbortSignal): Promise<void> {
  const { dashboard, origin } = await panelApi.dashboard(id, signal);
  if (origin === "shipped") return;
  const next: Dashboard = {
    ...dashboard,
    grid: dashboard.grid.map((place) => (place.panel === panel.before ? { ...place, panel: panel.after } : place)),
  };
  await panelApi.saveDashboard(next, signal);
}
