import type { PanelView } from "../../../src/panels/panel.ts";
import { rowsOf, valueAt } from "../../../src/panels/value-at.ts";

/** The values of a table panel, row by row, in the order of its columns. */
export function tableRows(view: PanelView & { kind: "table" }, answer: unknown): unknown[][] {
  return rowsOf(answer, view.property).map((row) =>
    view.columns.map(({ path }) => {
      const value = valueAt(row, path);
      // A hit has its document in `_source`; a path may say so or not.
      return value === undefined ? valueAt(row, `_source.${path}`) : value;
    }),
  );
}
