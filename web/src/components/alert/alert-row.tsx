import { memo } from "react";
import type { AlertRecord, Silence } from "../../../../src/serve/views.ts";
import { lastedWords } from "../../lib/alert-words.ts";
import { formatList, formatUtcTime } from "../../lib/format.ts";
import { alertPath } from "../../lib/router.ts";
import { shownText } from "../../lib/safe-text.ts";
import { Link } from "../link.tsx";
import { Moment } from "../moment.tsx";
import { SeverityMark } from "./severity-mark.tsx";

const FEW_NODES = 3;

/** One alert of a list: how bad, what, since when, how long, and where. */
export const AlertRow = memo(function AlertRow(props: {
  alert: AlertRecord;
  rule: string;
  silence: Silence | undefined;
  shown: boolean;
  /** The page is that of this alert, which does not only stand beside the list. */
  current: boolean;
  query: string;
  nowMs: number;
}) {
  const { alert, rule, silence, shown, current, query, nowMs } = props;
  const { severity, title, since_ms, nodes, slot, state } = alert;
  return (
    <li className={shown ? `alert-row ${state} shown` : `alert-row ${state}`}>
      <SeverityMark severity={severity} />
      <Link to={`${alertPath(alert.id)}${query}`} className="alert-title whole-row" current={current}>
        {shownText(title)}
      </Link>
      <p className="alert-when">
        <Moment timeMs={since_ms} nowMs={nowMs} />
        {state === "over" && (
          <>
            {" "}
            · <span className="number">{lastedWords(alert, nowMs)}</span>
          </>
        )}
      </p>
      <p className="alert-meta">
        {[
          shownText(rule),
          ...(nodes.length === 0 ? [] : [nodes.length > FEW_NODES ? `${nodes.length} nodes` : formatList(nodes)]),
          ...(slot === null ? [] : [`slot ${slot}`]),
        ].join(" · ")}
        {silence !== undefined && state !== "over" && (
          <span className="silenced"> · silenced until {formatUtcTime(silence.until_ms)} UTC</span>
        )}
      </p>
    </li>
  );
});
