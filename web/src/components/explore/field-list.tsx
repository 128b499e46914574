import { useCallback, useMemo, useState } from "react";
import type { FieldView, SearchFilter } from "../../lib/panel-views.ts";
import { panelApi } from "../../lib/panels-of.ts";
import { useAnswer } from "../../lib/use-answer.ts";
import { useWide } from "../../lib/use-wide.ts";
import { CutText } from "../cut-text.tsx";

const MOST_SHOWN = 60;
const TOP_VALUES = 8;

/** The fields of the index: columns of the table, and their commonest values to filter by. */
export function FieldList(props: {
  index: string;
  fields: readonly FieldView[];
  columns: readonly string[];
  onColumns(columns: readonly string[]): void;
  onFilter(filter: SearchFilter): void;
}) {
  const { index, fields, columns, onColumns, onFilter } = props;
  const [wanted, setWanted] = useState("");
  const [open, setOpen] = useState<string>();
  const shown = useMemo(() => {
    const words = wanted.toLowerCase();
    return fields
      .filter(({ name }) => name.toLowerCase().includes(words))
      .sort(
        (a, b) => Number(columns.includes(b.name)) - Number(columns.includes(a.name)) || a.name.localeCompare(b.name),
      );
  }, [fields, wanted, columns]);
  return (
    <details className="panel field-list" open={useWide()}>
      <summary>Fields</summary>
      <input
        type="search"
        aria-label="Search among the fields"
        placeholder={`${fields.length} fields`}
        value={wanted}
        onChange={(event) => setWanted(event.target.value)}
      />
      <ul>
        {shown.slice(0, MOST_SHOWN).map(({ name, type, aggregatable }) => {
          const isColumn = columns.includes(name);
          return (
            <li key={name}>
              <div className="field-line">
                <button
                  type="button"
                  className="field-name-button number"
                  aria-expanded={open === name}
                  disabled={!aggregatable}
                  title={aggregatable ? `${name}, ${type}: its commonest values` : `${name}, ${type}`}
                  onClick={() => setOpen(open === name ? undefined : name)}
                >
                  {name}
                </button>
                <button
                  type="button"
                  className="tool-button small"
                  aria-pressed={isColumn}
                  aria-label={isColumn ? `Take the column ${name} away` : `Show ${name} as a column`}
                  onClick={() => onColumns(isColumn ? columns.filter((one) => one !== name) : [...columns, name])}
                >
                  {isColumn ? "−" : "+"}
                </button>
              </div>
              {open === name && <TopValues index={index} field={name} onFilter={onFilter} />}
            </li>
          );
        })}
      </ul>
      {shown.length > MOST_SHOWN && <p className="hint">{shown.length - MOST_SHOWN} more: search among them above.</p>}
      {shown.length === 0 && <p className="empty">No field is called so.</p>}
    </details>
  );
}

function TopValues(props: { index: string; field: string; onFilter(filter: SearchFilter): void }) {
  const { index, field, onFilter } = props;
  const ask = useCallback(
    (signal: AbortSignal) => panelApi.values({ index, field, prefix: "", limit: TOP_VALUES }, signal),
    [index, field],
  );
  const told = useAnswer(ask, undefined);
  if (told.kind === "loading") return <span className="bone" />;
  if (told.kind === "failed") return <p className="hint">{told.fault.message}</p>;
  if (told.answer.values.length === 0) return <p className="hint">No document has a value here.</p>;
  return (
    <ul className="top-values">
      {told.answer.values.map(({ value, count }) => (
        <li key={String(value)}>
          <span className="top-value">
            <CutText text={String(value)} most={80} />
          </span>
          <span className="muted number">{count}</span>
          <FilterButtons field={field} value={value} onFilter={onFilter} />
        </li>
      ))}
    </ul>
  );
}

/** Only documents with this value, or all but those. */
export function FilterButtons(props: {
  field: string;
  value: string | number | boolean;
  onFilter(filter: SearchFilter): void;
}) {
  const { field, value, onFilter } = props;
  const words = `${field} ${String(value).slice(0, 40)}`;
  return (
    <span className="filter-buttons">
      <button
        type="button"
        className="tool-button small"
        aria-label={`Only with ${words}`}
        title="Only with this value"
        onClick={() => onFilter({ field, value, negate: false })}
      >
        +
      </button>
      <button
        type="button"
        className="tool-button small"
        aria-label={`Without ${words}`}
        title="Without this value"
        onClick={() => onFilter({ field, value, negate: true })}
      >
        −
      </button>
    </span>
  );
}
