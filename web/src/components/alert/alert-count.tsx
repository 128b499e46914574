import { useEffect, useRef, useState } from "react";
import type { AlertRecord } from "../../../../src/serve/views.ts";
import { type AlertCount, countWords, isLoud } from "../../lib/alert-words.ts";
import { shownText } from "../../lib/safe-text.ts";
import { Icon } from "../icons.tsx";
import { Link } from "../link.tsx";

/** How many alerts are open: red only when one is high or worse. */
export function AlertBadge({ count }: { count: AlertCount }) {
  if (count.worst === undefined) return null;
  return (
    <span className={isLoud(count.worst) ? "badge loud" : "badge"}>
      <span aria-hidden="true">{count.open > 99 ? "99+" : count.open}</span>
      <span className="visually-hidden">, {countWords(count)}</span>
    </span>
  );
}

/** The same in the top bar of a phone, whose rail scrolls sideways. */
export function AlertLink({ count }: { count: AlertCount }) {
  if (count.worst === undefined) return null;
  return (
    <Link to="/alerts" className="quiet-button alert-link" label={countWords(count)}>
      <Icon name="bell" />
      <AlertBadge count={count} />
    </Link>
  );
}

/** Reads out an alert that began or became worse while the page is open; `known`: those before it are there. */
export function AlertNews({ alerts, known: isKnown }: { alerts: ReadonlyMap<string, AlertRecord>; known: boolean }) {
  const known = useRef<ReadonlyMap<string, AlertRecord>>(undefined);
  const [news, setNews] = useState("");
  useEffect(() => {
    if (!isKnown) return;
    const before = known.current;
    known.current = alerts;
    if (before === undefined) return;
    for (const alert of alerts.values()) {
      const earlier = before.get(alert.id);
      if (alert.state !== "open" || !isLoud(alert.severity)) continue;
      if (earlier?.severity !== alert.severity) setNews(`Alert, ${alert.severity}: ${shownText(alert.title)}`);
    }
  }, [alerts, isKnown]);
  return (
    <p className="visually-hidden" role="status">
      {news}
    </p>
  );
}
