import { type ReactNode, useId, useState } from "react";
import type { AlertRecord, Silence } from "../../../../src/serve/views.ts";
import type { AlertSections as Sections } from "../../lib/alert-filter.ts";
import { silenceOf } from "../../lib/silence-words.ts";
import { AlertRow } from "./alert-row.tsx";

/** Rows that a section shows before it is asked for all. */
const FEW = 25;
/** How long ago something was over is told anew no more often. */
const OVER_MS = 15_000;

/** The alerts by what became of them: open, acknowledged, over. */
export function AlertSections(props: {
  sections: Sections;
  shown: string | undefined;
  own: boolean;
  query: string;
  silences: readonly Silence[];
  titleOf(rule: string): string;
  nowMs: number;
  /** What stands where nothing is open. */
  quiet: ReactNode;
  /** What can be done with all that is open. */
  tools: ReactNode;
  /** Below what is over. */
  older: ReactNode;
}) {
  const { sections, shown, own, query, silences, titleOf, nowMs, quiet, tools, older } = props;
  const rows = (alerts: readonly AlertRecord[]) =>
    alerts.map((alert) => (
      <AlertRow
        key={alert.id}
        alert={alert}
        rule={titleOf(alert.rule)}
        silence={silenceOf(alert, silences, nowMs)}
        shown={alert.id === shown}
        current={own && alert.id === shown}
        query={query}
        nowMs={alert.state === "over" ? Math.floor(nowMs / OVER_MS) * OVER_MS : nowMs}
      />
    ));
  return (
    <>
      <Section title="Open" count={sections.open.length} aside={tools} rows={rows(sections.open)}>
        {sections.open.length === 0 && quiet}
      </Section>
      {sections.acknowledged.length > 0 && (
        <Section title="Acknowledged" count={sections.acknowledged.length} rows={rows(sections.acknowledged)} />
      )}
      <Section title="Over" count={undefined} rows={rows(sections.over)} all>
        {older}
      </Section>
    </>
  );
}

function Section(props: {
  title: string;
  /** Undefined where only the newest are known. */
  count: number | undefined;
  aside?: ReactNode;
  rows: readonly ReactNode[];
  all?: boolean;
  children?: ReactNode;
}) {
  const { title, count, aside, rows, children } = props;
  const [all, setAll] = useState(props.all === true);
  const id = useId();
  return (
    <section className="panel alert-section" aria-labelledby={id}>
      <header className="panel-head">
        <h2 id={id}>
          {title} {count !== undefined && <span className="count-of">{count}</span>}
        </h2>
        {aside}
      </header>
      {rows.length > 0 && <ol className="alert-list">{all ? rows : rows.slice(0, FEW)}</ol>}
      {!all && rows.length > FEW && (
        <p className="more">
          <button type="button" className="quiet-button" onClick={() => setAll(true)}>
            Show all {rows.length}
          </button>
        </p>
      )}
      {children}
    </section>
  );
}
