import type { ReactNode } from "react";

/** What is wrong, in the place of the chart; the page lives. */
export function PanelTrouble({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div className="panel-trouble" role="status">
      <p>
        <strong>{title}.</strong>
      </p>
      <p>{children}</p>
    </div>
  );
}
