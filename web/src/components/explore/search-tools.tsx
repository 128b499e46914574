import { type FormEvent, useCallback, useState } from "react";
import { type ExploreState, exploreOf, writeExplore } from "../../lib/explore-state.ts";
import { sentenceOf } from "../../lib/format.ts";
import type { SavedSearch } from "../../lib/panel-views.ts";
import { panelApi } from "../../lib/panels-of.ts";
import { navigate } from "../../lib/router.ts";
import { slugOf } from "../../lib/slug.ts";
import { useAnswer } from "../../lib/use-answer.ts";
import { useMode } from "../../lib/use-mode.ts";
import { useSave } from "../../lib/use-save.ts";
import { pathWith } from "../../lib/view-state.ts";
import { CopyButton } from "../copy-button.tsx";
import { TextField } from "../field.tsx";
import { Link } from "../link.tsx";
import { Modal } from "../modal.tsx";
import { PopoverButton } from "../popover-button.tsx";

type Of = { state: ExploreState; index: string; timeField: string | undefined };

/** What can be made of a search: to keep it, to share it, a panel, a rule. */
export function SearchTools(of: Of) {
  const { state, index, timeField } = of;
  const mode = useMode();
  const [dialog, setDialog] = useState<"save">();
  const query = writeExplore({ ...state, index });
  const panelPath = (kind: string) => {
    const asked = new URLSearchParams(query);
    asked.set("as", kind);
    return pathWith("/panels/new", asked);
  };
  return (
    <div className="page-tools">
      <SavedSearches />
      {mode.writes && (
        <button type="button" className="quiet-button" onClick={() => setDialog("save")}>
          Save search
        </button>
      )}
      <CopyButton
        text={window.location.origin + pathWith("/explore", query)}
        className="quiet-button"
        label="Share: copy the address of this search"
      >
        Share
      </CopyButton>
      <PopoverButton words="Make…" side="right">
        {() => (
          <ul className="menu">
            {mode.writes && timeField !== undefined && (
              <li>
                <Link to={panelPath("histogram")}>Panel: documents over time</Link>
              </li>
            )}
            {mode.writes && (
              <li>
                <Link to={panelPath("table")}>Panel: table of documents</Link>
              </li>
            )}
            {mode.writes && (
              <li>
                <Link to={pathWith("/rules/new", query)}>Rule</Link>
              </li>
            )}
          </ul>
        )}
      </PopoverButton>
      {dialog === "save" && <SaveDialog {...of} onClose={() => setDialog(undefined)} />}
    </div>
  );
}

/** The searches that were saved; each opens with its own range of time. */
function SavedSearches() {
  return (
    <PopoverButton words="Saved searches" side="right">
      {(close) => <SavedList onClose={close} />}
    </PopoverButton>
  );
}

function SavedList({ onClose }: { onClose(): void }) {
  const mode = useMode();
  const [removed, setRemoved] = useState(0);
  const ask = useCallback((signal: AbortSignal) => panelApi.searches(signal), []);
  const told = useAnswer(ask, removed);
  const saving = useSave();
  const open = (id: string) =>
    saving.send(async (signal) => {
      const { search } = await panelApi.savedSearch(id, signal);
      navigate(pathWith("/explore", writeExplore(exploreOf(search))));
    }, onClose);
  if (told.kind === "loading") return <span className="bone" />;
  if (told.kind === "failed") return <p>{sentenceOf(told.fault.message)}</p>;
  if (told.answer.searches.length === 0) return <p className="muted">No search was saved yet.</p>;
  return (
    <>
      {saving.fault !== undefined && (
        <p className="problems" role="alert">
          {sentenceOf(saving.fault.message)}
        </p>
      )}
      <ul className="menu saved-searches">
        {told.answer.searches.map(({ id, title, index }) => (
          <li key={id}>
            <button type="button" onClick={() => open(id)}>
              {title} <span className="muted">{index}</span>
            </button>
            {mode.writes && (
              <button
                type="button"
                className="tool-button small"
                aria-label={`Remove the saved search ${title}`}
                onClick={() =>
                  saving.send(
                    (signal) => panelApi.removeSearch(id, signal),
                    () => setRemoved(removed + 1),
                  )
                }
              >
                ×
              </button>
            )}
          </li>
        ))}
      </ul>
    </>
  );
}

function SaveDialog({ state, index, timeField, onClose }: Of & { onClose(): void }) {
  const [title, setTitle] = useState("");
  const [description, setDescription] = useState("");
  const saving = useSave();
  const id = slugOf(title);
  const save = (event: FormEvent) => {
    event.preventDefault();
    const search: SavedSearch = {
      id,
      title,
      description,
      index,
      query_string: state.queryString,
      filters: state.filters,
      columns: state.columns,
      sort: state.sort ?? (timeField === undefined ? null : { field: timeField, order: "desc" }),
      time: state.time,
    };
    saving.send((signal) => panelApi.saveSearch(search, signal), onClose);
  };
  return (
    <Modal title="Save this search" onClose={onClose}>
      <form onSubmit={save} className="form">
        <TextField
          label="Title"
          value={title}
          required
          hint={id === "" ? "A search of the same title is replaced." : `Saved as ${id}; one of this id is replaced.`}
          onChange={setTitle}
        />
        <TextField label="What it is for" value={description} lines={2} onChange={setDescription} />
        {saving.fault !== undefined && (
          <p className="problems" role="alert">
            {sentenceOf(saving.fault.message)}
          </p>
        )}
        <div className="form-end">
          <button type="submit" className="button primary" disabled={id === "" || saving.busy}>
            Save
          </button>
        </div>
      </form>
    </Modal>
  );
}
