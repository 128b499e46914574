import { useMemo, useState } from "react";
import type { Panel, PanelView } from "../../../../src/panels/panel.ts";
import type { SearchResponse } from "../../../../src/search/request.ts";
import { answerRows, columnsOf } from "../../lib/answer-rows.ts";
import { columnWords } from "../../lib/column-words.ts";
import { tableRows } from "../../lib/table-rows.ts";
import { formatValue, isFigure, NO_VALUE } from "../../lib/value-words.ts";
import { CutText } from "../cut-text.tsx";
import { Link } from "../link.tsx";
import { ScrollTable } from "../scroll-table.tsx";

const FEW = 200;

/** A table panel: its own columns, each in its format. */
export function PanelTable(props: { title: string; view: PanelView & { kind: "table" }; answer: SearchResponse }) {
  const { title, view, answer } = props;
  const rows = useMemo(() => tableRows(view, answer), [view, answer]);
  const [all, setAll] = useState(false);
  const shown = all ? rows : rows.slice(0, FEW);
  return (
    <>
      <ScrollTable label={title}>
        <thead>
          <tr>
            {view.columns.map(({ title: words, format }) => (
              <th scope="col" key={words} className={isFigure(format) ? "right" : ""}>
                {words}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {shown.map((row, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: rows of an answer have no names of their own
            <tr key={at}>
              {view.columns.map((column, index) => (
                <Cell key={column.title} value={row[index]} column={column} />
              ))}
            </tr>
          ))}
        </tbody>
      </ScrollTable>
      <More count={rows.length} shown={shown.length} onAll={() => setAll(true)} />
    </>
  );
}

function Cell({ value, column }: { value: unknown; column: (PanelView & { kind: "table" })["columns"][number] }) {
  const { format, link } = column;
  const text = formatValue(value, format);
  const figure = isFigure(format);
  const words = format === "text" ? <CutText text={text} /> : text;
  return (
    <td
      className={figure ? "right number" : format === "text" ? "wrapping" : "number"}
      title={format === "root" && text !== NO_VALUE ? String(value) : undefined}
    >
      {link !== undefined && text !== NO_VALUE ? (
        <Link to={link.replaceAll("{value}", encodeURIComponent(String(value)))}>{words}</Link>
      ) : (
        words
      )}
    </td>
  );
}

/** The values of a chart as a table. */
export function AnswerTable(props: { panel: Panel; property: string; answer: SearchResponse }) {
  const { panel, property, answer } = props;
  const [all, setAll] = useState(false);
  const rows = useMemo(() => answerRows(answer, property), [answer, property]);
  const columns = useMemo(() => columnsOf(rows), [rows]);
  const words = useMemo(() => columnWords(panel, rows, columns), [panel, rows, columns]);
  const shown = all ? rows : rows.slice(0, FEW);
  return (
    <>
      <ScrollTable label={`${panel.title}, as a table`}>
        <thead>
          <tr>
            {words.map(({ column, title, format }) => (
              <th scope="col" key={column} className={isFigure(format) ? "right" : ""}>
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {shown.map((row, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: rows of an answer have no names of their own
            <tr key={at}>
              {words.map(({ column, format }) => (
                <td
                  key={column}
                  className={isFigure(format) ? "right number" : format === "time" ? "number" : "wrapping"}
                >
                  {format === "text" ? (
                    <CutText text={formatValue(row[column], format)} />
                  ) : (
                    formatValue(row[column], format)
                  )}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </ScrollTable>
      <More count={rows.length} shown={shown.length} onAll={() => setAll(true)} />
    </>
  );
}

function More({ count, shown, onAll }: { count: number; shown: number; onAll: () => void }) {
  if (count <= shown) return null;
  return (
    <p className="more">
      <button type="button" className="quiet-button" onClick={onAll}>
        All {count} rows
      </button>
    </p>
  );
}
