import { useMemo, useState } from "react";
import type { SearchHit } from "../../../../src/search/request.ts";
import { documentFields, fieldText, plainValues } from "../../lib/document-fields.ts";
import type { SearchFilter } from "../../lib/panel-views.ts";
import { slotPath } from "../../lib/router.ts";
import { CopyButton } from "../copy-button.tsx";
import { CutText } from "../cut-text.tsx";
import { Icon } from "../icons.tsx";
import { Link } from "../link.tsx";
import { FilterButtons } from "./field-list.tsx";

/** Longer ones are not shown as JSON until they are asked for. */
const MOST_JSON = 20_000;
/** A filter by more would not be found by the field anyway. */
const MOST_FILTERED = 8191;

/** One document in full: its fields with what can be done with each, and its JSON. */
export function DocumentDetail(props: {
  hit: SearchHit;
  columns: readonly string[];
  onColumns(columns: readonly string[]): void;
  onFilter(filter: SearchFilter): void;
}) {
  const { hit, columns, onColumns, onFilter } = props;
  const [asJson, setAsJson] = useState(false);
  const fields = useMemo(() => documentFields(hit._source), [hit]);
  const json = useMemo(() => JSON.stringify(hit, null, 2), [hit]);
  const slot = fields.find(({ name }) => name === "ethereum.slot" || name === "slot")?.value;
  return (
    <div className="document-detail">
      <div className="detail-head">
        <p className="muted">
          <span className="number">{hit._id}</span> of <span className="number">{hit._index}</span>
        </p>
        {typeof slot === "number" && Number.isInteger(slot) && slot >= 0 && (
          <Link to={slotPath(slot)} className="button">
            Slot {slot}
          </Link>
        )}
        <button type="button" className="button" aria-pressed={asJson} onClick={() => setAsJson(!asJson)}>
          {asJson ? "As a table" : "As JSON"}
        </button>
        <CopyButton text={json} className="button" label="Copy JSON of the document">
          Copy JSON
        </CopyButton>
      </div>
      {asJson ? (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls and must be reachable by keyboard
        <pre className="code" tabIndex={0}>
          <CutText text={json} most={MOST_JSON} />
        </pre>
      ) : (
        <table className="field-table">
          <tbody>
            {fields.map(({ name, value }) => {
              const values = plainValues(value);
              const [only] = values;
              const isColumn = columns.includes(name);
              return (
                <tr key={name}>
                  <td className="field-tools">
                    {values.length === 1 && only !== undefined && String(only).length <= MOST_FILTERED && (
                      <FilterButtons field={name} value={only} onFilter={onFilter} />
                    )}
                    <button
                      type="button"
                      className="tool-button small"
                      aria-pressed={isColumn}
                      aria-label={isColumn ? `Take the column ${name} away` : `Show ${name} as a column`}
                      title="Column"
                      onClick={() => onColumns(isColumn ? columns.filter((one) => one !== name) : [...columns, name])}
                    >
                      <Icon name="table" />
                    </button>
                  </td>
                  <th scope="row" className="number">
                    {name}
                  </th>
                  <td className="wrapping number">
                    <CutText text={fieldText(value)} />
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      )}
    </div>
  );
}
