import type { Dataset } from "../../events/dataset.ts";

/** Fields that are moments wherever they stand. */
export function momentFields(datasets: readonly Dataset[]): ReadonlySet<string> {
  const dates = datasets.flatMap(({ columns }) =>
    columns.filter(({ type }) => type === "date").map(({ name }) => name),
  );
  return new Set(["@timestamp", ...dates]);
}
