import { memo, useEffect, useRef, useState } from "react";
import { formatCount } from "../lib/format.ts";
import type { Incident, IncidentKind } from "../lib/incidents.ts";
import { useNowMs } from "../lib/monitor.tsx";
import { Icon } from "./icons.tsx";
import { Link } from "./link.tsx";
import { Moment } from "./moment.tsx";
import { Panel } from "./panel.tsx";
import { SlotGlyph } from "./slot-glyph.tsx";

const SHOWN = 40;

/** What happened, newest first; a new one is read out once. */
export const Happened = memo(function Happened({
  incidents,
  slots,
}: {
  incidents: readonly Incident[];
  slots: number;
}) {
  const nowMs = useNowMs(1000);
  const news = useNews(incidents);
  return (
    <Panel title="What happened" hint="Newest first. Each line opens its slot, reorg or node." className="happened">
      <p className="visually-hidden" aria-live="polite">
        {news}
      </p>
      {incidents.length === 0 ? (
        <p className="empty">
          {slots === 0
            ? "No slot is over yet."
            : `Nothing out of the ordinary in the last ${formatCount(slots, "slot")}.`}
        </p>
      ) : (
        <ol className="incidents">
          {incidents.slice(0, SHOWN).map((incident) => (
            <li key={incident.id}>
              <Link to={incident.path} className="incident">
                <KindGlyph kind={incident.kind} />
                <span className="incident-title">{incident.title}</span>
                <span className="incident-detail">{incident.detail}</span>
                <span className="incident-time">
                  <Moment timeMs={incident.atMs} nowMs={nowMs} />
                </span>
              </Link>
            </li>
          ))}
        </ol>
      )}
    </Panel>
  );
});

function KindGlyph({ kind }: { kind: IncidentKind }) {
  if (kind === "late" || kind === "missed" || kind === "orphaned") return <SlotGlyph look={kind} />;
  return (
    <span className={`kind ${kind}`}>
      <Icon name={kind} />
    </span>
  );
}

/** The title of the newest incident that was not there when the page was opened. */
function useNews(incidents: readonly Incident[]): string {
  const known = useRef<Set<string>>(undefined);
  const [news, setNews] = useState("");
  useEffect(() => {
    if (known.current !== undefined) {
      const added = incidents.find(({ id }) => known.current?.has(id) === false);
      if (added !== undefined) setNews(`${added.title}. ${added.detail}`);
    }
    known.current = new Set(incidents.map(({ id }) => id));
  }, [incidents]);
  return news;
}
