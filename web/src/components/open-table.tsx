import { type ReactNode, type SyntheticEvent, useState } from "react";
import { ScrollTable } from "./scroll-table.tsx";

/** The data of a canvas as a table, for keyboard and screen readers; its rows are built when it is opened. */
export function OpenTable(props: { summary?: string; label: string; head: ReactNode; rows: () => ReactNode }) {
  const { summary = "The same as a table", label, head, rows } = props;
  const [open, setOpen] = useState(false);
  return (
    <details
      className="data-table"
      onToggle={(event: SyntheticEvent<HTMLDetailsElement>) => setOpen(event.currentTarget.open)}
    >
      <summary>{summary}</summary>
      {open && (
        <ScrollTable label={label}>
          <thead>
            <tr>{head}</tr>
          </thead>
          <tbody>{rows()}</tbody>
        </ScrollTable>
      )}
    </details>
  );
}

/** Headings of a table: the first one of its rows, the others of figures. */
export function Headings({ first, figures }: { first: string; figures: readonly string[] }) {
  return (
    <>
      <th scope="col">{first}</th>
      {figures.map((title) => (
        <th scope="col" className="right" key={title}>
          {title}
        </th>
      ))}
    </>
  );
}
