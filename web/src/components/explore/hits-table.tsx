import { useState } from "react";
import { valueAt } from "../../../../src/panels/value-at.ts";
import type { SearchHit } from "../../../../src/search/request.ts";
import { documentFields, documentLine, fieldText } from "../../lib/document-fields.ts";
import type { ExploreState } from "../../lib/explore-state.ts";
import { formatUtc, shortRoot } from "../../lib/format.ts";
import type { SearchFilter } from "../../lib/panel-views.ts";
import { formatValue } from "../../lib/value-words.ts";
import { CutText } from "../cut-text.tsx";
import { Icon } from "../icons.tsx";
import { ScrollTable } from "../scroll-table.tsx";
import { DocumentDetail } from "./document-detail.tsx";

const LINE_FIELDS = 7;
const LINE_TEXT = 90;
const CELL_TEXT = 160;

type Sort = NonNullable<ExploreState["sort"]>;

/** The documents found: a line each, or the chosen columns; each opens in full. */
export function HitsTable(props: {
  hits: readonly SearchHit[];
  timeField: string | undefined;
  columns: readonly string[];
  sort: Sort | undefined;
  sortable(field: string): boolean;
  onSort(sort: Sort): void;
  onColumns(columns: readonly string[]): void;
  onFilter(filter: SearchFilter): void;
}) {
  const { hits, timeField, columns, sort, sortable, onSort, onColumns, onFilter } = props;
  const [opened, setOpened] = useState<ReadonlySet<string>>(new Set());
  const toggle = (key: string) => {
    const next = new Set(opened);
    if (!next.delete(key)) next.add(key);
    setOpened(next);
  };
  const heads = [...(timeField === undefined ? [] : [timeField]), ...columns];
  const inForce = sort ?? (timeField === undefined ? undefined : { field: timeField, order: "desc" as const });
  const wide = heads.length + (columns.length === 0 ? 2 : 1);
  return (
    <div className={columns.length === 0 ? "hits lines" : "hits"}>
      <ScrollTable label="Documents">
        <thead>
          <tr>
            <th scope="col">
              <span className="visually-hidden">Open</span>
            </th>
            {heads.map((field) => (
              <ColumnHead
                key={field}
                field={field}
                words={field === timeField ? "Time (UTC)" : field}
                order={inForce?.field === field ? inForce.order : undefined}
                sortable={sortable(field)}
                onSort={onSort}
                onRemove={columns.includes(field) ? () => onColumns(columns.filter((one) => one !== field)) : undefined}
              />
            ))}
            {columns.length === 0 && <th scope="col">Document</th>}
          </tr>
        </thead>
        <tbody>
          {hits.map((hit) => {
            const key = `${hit._index} ${hit._id}`;
            const isOpen = opened.has(key);
            return [
              <tr key={key}>
                <td>
                  <button
                    type="button"
                    className="tool-button small"
                    aria-expanded={isOpen}
                    aria-label={`Document ${hit._id}`}
                    onClick={() => toggle(key)}
                  >
                    <Icon name={isOpen ? "down" : "right"} />
                  </button>
                </td>
                {timeField !== undefined && <td className="number">{timeText(valueAt(hit._source, timeField))}</td>}
                {columns.map((column) => (
                  <td key={column} className="wrapping">
                    <CutText text={fieldText(valueAt(hit._source, column))} most={CELL_TEXT} />
                  </td>
                ))}
                {columns.length === 0 && (
                  <td className="document-line">
                    <Line hit={hit} timeField={timeField} />
                  </td>
                )}
              </tr>,
              isOpen && (
                <tr key={`${key} detail`} className="detail-row">
                  <td colSpan={wide}>
                    <DocumentDetail hit={hit} columns={columns} onColumns={onColumns} onFilter={onFilter} />
                  </td>
                </tr>
              ),
            ];
          })}
        </tbody>
      </ScrollTable>
    </div>
  );
}

function ColumnHead(props: {
  field: string;
  words: string;
  order: "asc" | "desc" | undefined;
  sortable: boolean;
  onSort(sort: Sort): void;
  onRemove: (() => void) | undefined;
}) {
  const { field, words, order, sortable, onSort, onRemove } = props;
  return (
    <th scope="col" aria-sort={order === undefined ? "none" : order === "asc" ? "ascending" : "descending"}>
      <span className="column-head">
        {sortable ? (
          <button
            type="button"
            className={order === undefined ? "sort-button" : "sort-button sorted"}
            onClick={() => onSort({ field, order: order === "desc" ? "asc" : "desc" })}
          >
            {words}
          </button>
        ) : (
          words
        )}
        {onRemove !== undefined && (
          <button
            type="button"
            className="tool-button small"
            aria-label={`Take the column ${field} away`}
            onClick={onRemove}
          >
            <Icon name="close" />
          </button>
        )}
      </span>
    </th>
  );
}

/** Of which index it is, and its most telling fields. */
function Line({ hit, timeField }: { hit: SearchHit; timeField: string | undefined }) {
  const fields = documentFields(hit._source).filter(({ name }) => name !== timeField);
  return (
    <>
      <span className="line-field number">{hit._index}</span>
      {documentLine(fields, LINE_FIELDS).map(({ name, value }) => (
        <span className="line-field" key={name}>
          <span className="muted">{name}</span> <CutText text={lineText(value)} most={LINE_TEXT} />
        </span>
      ))}
    </>
  );
}

/** Roots and keys are told apart by their ends. */
function lineText(value: unknown): string {
  const text = fieldText(value);
  return /^0x[0-9a-f]{40,}$/i.test(text) ? shortRoot(text) : text;
}

function timeText(value: unknown): string {
  const text = formatValue(value, "time");
  return text.endsWith(" UTC") && typeof value !== "object" ? text.slice(0, -4) : formatTime(value);
}

function formatTime(value: unknown): string {
  const first: unknown = Array.isArray(value) ? value[0] : value;
  const ms = typeof first === "number" ? first : Date.parse(String(first));
  return Number.isNaN(ms) ? fieldText(value) : formatUtc(ms, "ms").slice(0, -4);
}
