import { useEffect, useMemo, useState } from "react";
import type { JsonObject } from "../../../../src/events/foreign.ts";
import { completeSpec } from "../../../../src/panels/complete-spec.ts";
import { VegaChart } from "../../charts/vega-chart.tsx";
import { toCsv } from "../../lib/csv.ts";
import { fieldText } from "../../lib/document-fields.ts";
import { download } from "../../lib/download.ts";
import { formatCount } from "../../lib/format.ts";
import { useLive, useMonitor } from "../../lib/monitor.tsx";
import { fileName } from "../../lib/panel-files.ts";
import type { SqlAnswer } from "../../lib/panel-views.ts";
import {
  type ChartChoice,
  chartRows,
  chartSpec,
  firstChoice,
  isNumberColumn,
  MOST_MARKS,
} from "../../lib/sql-chart.ts";
import { useTheme } from "../../lib/theme.ts";
import { PanelTrouble } from "../board/panel-trouble.tsx";
import { CutText } from "../cut-text.tsx";
import { ScrollTable } from "../scroll-table.tsx";

const FEW = 200;
const CELL_TEXT = 72;
/** A chain that is not known yet has no slots on its axis. */
const NO_CHAIN = {
  slot_ms: 12_000,
  genesis_ms: Number.MAX_SAFE_INTEGER,
  slots_per_epoch: 32,
  attestation_due_ms: 4000,
  aggregate_due_ms: 8000,
};

/** The rows of a query: as a table, and as a chart where one of the columns is a number. */
export function SqlResult({ answer }: { answer: SqlAnswer }) {
  const { clock } = useMonitor();
  const [choice, setChoice] = useState(() => firstChoice(answer));
  const [all, setAll] = useState(false);
  useEffect(() => setChoice(firstChoice(answer)), [answer]);
  const { columns, rows, truncated, took_ms } = answer;
  const shown = all ? rows : rows.slice(0, FEW);
  return (
    <>
      <section className="panel" aria-labelledby="sql-rows">
        <header className="panel-head">
          <div>
            <h2 id="sql-rows" aria-live="polite">
              {truncated ? "The first " : ""}
              {formatCount(rows.length, "row")}
            </h2>
            <p className="hint">
              in {Math.round(took_ms)} ms{truncated && "; there are more than are shown"}
            </p>
          </div>
          <button
            type="button"
            className="button"
            onClick={() =>
              download(fileName("sql", clock.nowMs(), "csv"), {
                text: toCsv(
                  columns.map(({ name }) => name),
                  rows,
                ),
                type: "text/csv;charset=utf-8",
              })
            }
          >
            Download CSV
          </button>
        </header>
        {rows.length === 0 ? (
          <p className="empty">The query found no row.</p>
        ) : (
          <div className="sql-table">
            <ScrollTable label="Rows">
              <thead>
                <tr>
                  {columns.map((column) => (
                    <th
                      scope="col"
                      key={column.name}
                      title={column.type}
                      className={isNumberColumn(column) ? "right" : ""}
                    >
                      {column.name}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {shown.map((row, at) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: rows have no names of their own
                  <tr key={at}>
                    {columns.map((column, index) => (
                      <td key={column.name} className={isNumberColumn(column) ? "right number" : "number"}>
                        {row[index] === null ? (
                          <span className="muted">null</span>
                        ) : (
                          <CutText text={fieldText(row[index])} most={CELL_TEXT} />
                        )}
                      </td>
                    ))}
                  </tr>
                ))}
              </tbody>
            </ScrollTable>
          </div>
        )}
        {rows.length > shown.length && (
          <p className="more">
            <button type="button" className="quiet-button" onClick={() => setAll(true)}>
              All {rows.length} rows
            </button>
          </p>
        )}
      </section>
      {choice !== undefined && rows.length > 0 && (
        <SqlChart answer={answer} choice={choice} onChange={(next) => setChoice(next)} />
      )}
    </>
  );
}

function SqlChart(props: { answer: SqlAnswer; choice: ChartChoice; onChange(choice: ChartChoice): void }) {
  const { answer, choice, onChange } = props;
  const theme = useTheme();
  const { network } = useLive().state;
  const [problem, setProblem] = useState<string>();
  const spec = useMemo(() => {
    const fork = network?.forks.at(-1)?.deadlines;
    const chain =
      network === undefined
        ? NO_CHAIN
        : {
            slot_ms: network.slot_duration_ms,
            genesis_ms: network.genesis_time * 1000,
            slots_per_epoch: network.slots_per_epoch,
            attestation_due_ms: fork?.attestation_due_ms ?? 0,
            aggregate_due_ms: fork?.aggregate_due_ms ?? 0,
          };
    const panel = { view: { kind: "vega-lite" as const, property: "rows", spec: chartSpec(answer, choice) } };
    const rows = chartRows(answer, choice);
    return completeSpec({ panel, answer: { rows }, chain, theme, time: undefined }) as JsonObject;
  }, [answer, choice, network, theme]);
  const select = <K extends keyof ChartChoice>(key: K, words: string, choices: readonly ChartChoice[K][]) => (
    <label>
      <span className="muted">{words}</span>{" "}
      <select value={choice[key]} onChange={({ target }) => onChange({ ...choice, [key]: target.value })}>
        {choices.map((one) => (
          <option key={one} value={one}>
            {one}
          </option>
        ))}
      </select>
    </label>
  );
  const names = answer.columns.map(({ name }) => name);
  const figures = answer.columns.filter(isNumberColumn).map(({ name }) => name);
  return (
    <section className="panel" aria-label="The rows as a chart">
      <div className="board-bar">
        {select("kind", "as", ["line", "bar", "point"])}
        {select("x", "along", names)}
        {select("y", "up", figures)}
        {answer.rows.length > MOST_MARKS && <span className="hint">the first {MOST_MARKS} rows</span>}
      </div>
      {problem !== undefined && <PanelTrouble title="The chart cannot be drawn">{problem}</PanelTrouble>}
      <div className="chart-box sql-chart">
        <VegaChart
          spec={spec}
          label={`${choice.y} by ${choice.x}; the rows stand in the table above`}
          onProblem={setProblem}
        />
      </div>
    </section>
  );
}
