import { useCallback, useMemo, useState } from "react";
import { TimePicker } from "../components/board/time-picker.tsx";
import { ExploreTabs } from "../components/explore/explore-tabs.tsx";
import { FieldList } from "../components/explore/field-list.tsx";
import { FilterChips } from "../components/explore/filter-chips.tsx";
import { Found } from "../components/explore/found.tsx";
import { PublicSearches } from "../components/explore/public-searches.tsx";
import { QueryBar } from "../components/explore/query-bar.tsx";
import { SearchTools } from "../components/explore/search-tools.tsx";
import { FaultNotice } from "../components/fault-notice.tsx";
import { Notice } from "../components/notice.tsx";
import { BoardSkeleton } from "../components/skeleton.tsx";
import { type ExploreState, readExplore, withFilter, writeExplore } from "../lib/explore-state.ts";
import type { FieldView, IndexLine } from "../lib/panel-views.ts";
import { panelApi } from "../lib/panels-of.ts";
import { navigate, useLocation } from "../lib/router.ts";
import { useAnswer } from "../lib/use-answer.ts";
import { useExplore } from "../lib/use-explore.ts";
import { useMode } from "../lib/use-mode.ts";
import { pathWith } from "../lib/view-state.ts";

/** Free search over everything that is stored; in public, what was saved. */
export function ExplorePage() {
  const mode = useMode();
  if (!mode.told) return <BoardSkeleton what="Explore" />;
  return mode.public ? <PublicSearches /> : <FreeSearch />;
}

function FreeSearch() {
  const ask = useCallback((signal: AbortSignal) => panelApi.indices(signal), []);
  const told = useAnswer(ask, undefined);
  if (told.kind === "loading") return <BoardSkeleton what="Explore" />;
  if (told.kind === "failed")
    return <FaultNotice heading="Explore" title="What can be searched could not be read" fault={told.fault} />;
  if (told.answer.indices.length === 0) {
    return (
      <>
        <h1 className="visually-hidden">Explore</h1>
        <Notice title="Nothing is stored yet">
          <p>Once a node has told anything, it can be searched here.</p>
        </Notice>
      </>
    );
  }
  return <Search indices={told.answer.indices} />;
}

const NO_FIELDS: readonly FieldView[] = [];

function Search({ indices }: { indices: readonly IndexLine[] }) {
  const { query } = useLocation();
  const address = query.toString();
  const state = useMemo(() => readExplore(new URLSearchParams(address)), [address]);
  const [tick, setTick] = useState(0);
  const index = state.index ?? indices[0]?.name ?? "";
  // What is not listed may still be searched: a pattern that was written by hand.
  const line = indices.find(({ name }) => name === index);
  const timeField = line === undefined ? "@timestamp" : (line.time_field ?? undefined);
  const askFields = useCallback((signal: AbortSignal) => panelApi.fields(index, signal), [index]);
  const toldFields = useAnswer(askFields, undefined);
  const fields = toldFields.kind === "ready" ? toldFields.answer.fields : NO_FIELDS;
  const explored = useExplore({ state, index, timeField, tick });
  const change = (changes: Partial<ExploreState>, replace = false) =>
    navigate(pathWith("/explore", writeExplore({ ...state, ...changes })), { replace });
  const byName = useMemo(() => new Map(fields.map((field) => [field.name, field])), [fields]);
  return (
    <div className="explore-page">
      <header className="page-head">
        <h1>Explore</h1>
        <ExploreTabs current="search" />
        <SearchTools state={state} index={index} timeField={timeField} />
      </header>
      <section className="board-bar" aria-label="Where and when to search">
        <select
          aria-label="What to search"
          value={index}
          onChange={({ target }) => change({ index: target.value, columns: [], sort: undefined })}
        >
          {line === undefined && <option value={index}>{index}</option>}
          {indices.map(({ name, title, documents }) => (
            <option key={name} value={name}>
              {title === name ? name : `${title}: ${name}`} ({documents})
            </option>
          ))}
        </select>
        <TimePicker time={state.time} onChange={(time) => change({ time })} />
        <button type="button" className="quiet-button" onClick={() => setTick(tick + 1)}>
          Search again
        </button>
      </section>
      <QueryBar
        value={state.queryString}
        index={index}
        fields={fields}
        onSubmit={(queryString) => (queryString === state.queryString ? setTick(tick + 1) : change({ queryString }))}
      />
      <FilterChips filters={state.filters} onChange={(filters) => change({ filters })} />
      <div className="explore-body">
        <FieldList
          index={index}
          fields={fields}
          columns={state.columns}
          onColumns={(columns) => change({ columns }, true)}
          onFilter={(filter) => change({ filters: withFilter(state.filters, filter) })}
        />
        <Found
          explored={explored}
          index={index}
          timeField={timeField}
          columns={state.columns}
          sort={state.sort}
          sortable={(field) => byName.get(field)?.aggregatable === true || field === timeField}
          onChange={change}
          onFilter={(filter) => change({ filters: withFilter(state.filters, filter) })}
        />
      </div>
    </div>
  );
}
