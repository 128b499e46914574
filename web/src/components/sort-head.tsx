import { navigate } from "../lib/router.ts";

/** A heading that sorts its table, largest first; `to` is the address of the page sorted by it. */
export function SortHead(props: { words: string; to: string; sorted: boolean; right?: boolean }) {
  const { words, to, sorted, right = false } = props;
  return (
    <th scope="col" className={right ? "right" : ""} aria-sort={sorted ? "descending" : "none"}>
      <button
        type="button"
        className={sorted ? "sort-button sorted" : "sort-button"}
        onClick={() => navigate(to, { replace: true })}
      >
        {words}
      </button>
    </th>
  );
}
