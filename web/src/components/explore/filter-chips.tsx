import type { SearchFilter } from "../../lib/panel-views.ts";
import { cutText, shownText } from "../../lib/safe-text.ts";
import { Icon } from "../icons.tsx";

const MOST = 60;

/** The filters that were set from documents: each can be turned around or taken away. */
export function FilterChips(props: {
  filters: readonly SearchFilter[];
  onChange(filters: readonly SearchFilter[]): void;
}) {
  const { filters, onChange } = props;
  if (filters.length === 0) return null;
  return (
    <ul className="filter-chips" aria-label="Filters">
      {filters.map((filter, at) => {
        const words = `${filter.field}: ${short(String(filter.value))}`;
        return (
          <li key={`${filter.field} ${String(filter.value)}`} className={filter.negate ? "chip negated" : "chip"}>
            <button
              type="button"
              title={filter.negate ? "Turn into: is" : "Turn into: is not"}
              onClick={() =>
                onChange(filters.map((one, index) => (index === at ? { ...one, negate: !one.negate } : one)))
              }
            >
              {filter.negate && <strong>NOT </strong>}
              {words}
            </button>
            <button
              type="button"
              aria-label={`Remove the filter ${words}`}
              onClick={() => onChange(filters.filter((_, index) => index !== at))}
            >
              <Icon name="close" />
            </button>
          </li>
        );
      })}
    </ul>
  );
}

function short(value: string): string {
  const cut = cutText(value, MOST);
  return shownText(cut === undefined ? value : `${cut}…`);
}
