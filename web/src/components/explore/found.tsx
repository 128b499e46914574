import { TimeHistogram } from "../../charts/time-histogram.tsx";
import type { ExploreState } from "../../lib/explore-state.ts";
import { faultWords } from "../../lib/fault-words.ts";
import { formatUtc, sentenceOf } from "../../lib/format.ts";
import { histogramBars } from "../../lib/histogram-bars.ts";
import { useLive } from "../../lib/monitor.tsx";
import type { SearchFilter } from "../../lib/panel-views.ts";
import { absoluteRange } from "../../lib/time-words.ts";
import type { Exploring } from "../../lib/use-explore.ts";
import { PanelTrouble } from "../board/panel-trouble.tsx";
import { Headings, OpenTable } from "../open-table.tsx";
import { HitsTable } from "./hits-table.tsx";

/** What a search found: how many over time, and the documents. */
export function Found(props: {
  explored: Exploring;
  index: string;
  timeField: string | undefined;
  columns: readonly string[];
  sort: ExploreState["sort"];
  sortable(field: string): boolean;
  onChange(changes: Partial<ExploreState>): void;
  onFilter(filter: SearchFilter): void;
}) {
  const { explored, index, timeField, columns, sort, sortable, onChange, onFilter } = props;
  const { told, hits } = explored;
  const { network } = useLive().state;
  if (told.kind === "loading") {
    return (
      <section className="panel found" aria-busy="true">
        <span className="visually-hidden">Searching</span>
        <span className="bone short" />
        <span className="bone block" />
        <span className="bone" />
        <span className="bone" />
      </section>
    );
  }
  if (told.kind === "failed") {
    const { title, sentence } = faultWords(told.fault);
    return (
      <section className="panel found">
        <PanelTrouble title={title}>{sentence}</PanelTrouble>
      </section>
    );
  }
  const { first, time } = told.answer;
  const bars = histogramBars(first);
  const total = first.hits.total;
  const zoom = (fromMs: number, toMs: number) => onChange({ time: absoluteRange(fromMs, toMs) });
  return (
    <section className={told.asking ? "panel found asking" : "panel found"} aria-labelledby="found">
      <header className="panel-head">
        <div>
          <h2 id="found" aria-live="polite">
            {total === undefined ? hits.length : `${total.relation === "gte" ? "over " : ""}${total.value}`}{" "}
            {total?.value === 1 ? "document" : "documents"}
          </h2>
          <p className="hint">
            {timeField === undefined
              ? `All of ${index}; it has no time.`
              : `${formatUtc(time.fromMs)} to ${formatUtc(time.toMs)}`}
          </p>
        </div>
      </header>
      {first.timed_out && (
        <PanelTrouble title="The search took too long">
          It was stopped; a shorter range of time answers sooner.
        </PanelTrouble>
      )}
      {bars !== undefined && (
        <>
          <TimeHistogram
            bars={bars.bars}
            stepMs={bars.stepMs}
            fromMs={time.fromMs}
            toMs={time.toMs}
            slots={
              network === undefined
                ? undefined
                : { genesisMs: network.genesis_time * 1000, slotMs: network.slot_duration_ms }
            }
            onZoom={zoom}
          />
          <OpenTable
            summary="The same as a table"
            label="Documents over time"
            head={<Headings first="From (UTC)" figures={["Documents", "Zoom"]} />}
            rows={() =>
              bars.bars
                .filter(({ count }) => count > 0)
                .map(({ fromMs, count }) => (
                  <tr key={fromMs}>
                    <th scope="row" className="number">
                      {formatUtc(fromMs)}
                    </th>
                    <td className="right number">{count}</td>
                    <td className="right">
                      <button
                        type="button"
                        className="link-button"
                        aria-label={`Only from ${formatUtc(fromMs)}`}
                        onClick={() => zoom(fromMs, fromMs + bars.stepMs)}
                      >
                        only this span
                      </button>
                    </td>
                  </tr>
                ))
            }
          />
        </>
      )}
      {hits.length === 0 ? (
        <PanelTrouble title="No document fits">
          Nothing of {index} between {formatUtc(time.fromMs)} and {formatUtc(time.toMs)} fits the query and the filters.
          A wider range of time, or a filter less, may find some.
        </PanelTrouble>
      ) : (
        <HitsTable
          hits={hits}
          timeField={timeField}
          columns={columns}
          sort={sort}
          sortable={sortable}
          onSort={(next) => onChange({ sort: next })}
          onColumns={(next) => onChange({ columns: next })}
          onFilter={onFilter}
        />
      )}
      {explored.problem !== undefined && (
        <p className="problems" role="alert">
          {sentenceOf(explored.problem)}
        </p>
      )}
      {explored.hasMore && (
        <p className="more">
          <button type="button" className="quiet-button" disabled={explored.loading} onClick={explored.more}>
            {explored.loading ? "Loading…" : `More: ${hits.length} are shown`}
          </button>
        </p>
      )}
    </section>
  );
}
