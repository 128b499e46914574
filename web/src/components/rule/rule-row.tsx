import { memo } from "react";
import type { RuleView } from "../../../../src/serve/views.ts";
import { formatCount } from "../../lib/format.ts";
import { rulePath } from "../../lib/router.ts";
import { shownText } from "../../lib/safe-text.ts";
import { SeverityMark } from "../alert/severity-mark.tsx";
import { Link } from "../link.tsx";
import { Moment } from "../moment.tsx";
import { ActiveSwitch } from "./active-switch.tsx";
import { OriginChip } from "./origin-chip.tsx";

/** One rule of the list: what it looks for, whether it is checked, and how it fares. */
export const RuleRow = memo(function RuleRow(props: { rule: RuleView; nowMs: number; onChanged(): void }) {
  const { rule, nowMs, onChanged } = props;
  const { id, title, description, trigger, severity, last_checked_ms, last_met_ms, cannot_judge, open_alerts } = rule;
  return (
    <li className={rule.active ? "rule-row" : "rule-row inactive"}>
      <div className="rule-switch">
        <ActiveSwitch rule={rule} onChanged={onChanged} />
      </div>
      <div className="rule-what">
        <h3>
          <Link to={rulePath(id)}>{shownText(title)}</Link>
          {open_alerts > 0 && (
            <Link
              to={`/alerts?rule=${encodeURIComponent(id)}`}
              className="open-alerts"
              label={`${formatCount(open_alerts, "open alert")} of ${shownText(title)}`}
            >
              {open_alerts} open
            </Link>
          )}
        </h3>
        {description !== "" && <p className="muted rule-words">{shownText(description)}</p>}
        {cannot_judge !== null && rule.active && (
          <p className="unjudged">
            <b>Cannot judge:</b> {shownText(cannot_judge)}
          </p>
        )}
      </div>
      <p className="rule-trigger">
        {shownText(trigger.words)}
        {severity !== null && (
          <span className="rule-severity">
            from <SeverityMark severity={severity} />
          </span>
        )}
      </p>
      <p className="rule-times">
        {last_checked_ms === null ? (
          <span className="muted">not checked yet</span>
        ) : (
          <>
            checked <Moment timeMs={last_checked_ms} nowMs={nowMs} />
          </>
        )}
        <span className="between"> · </span>
        {last_met_ms === null ? (
          <span className="muted">never met</span>
        ) : (
          <>
            met <Moment timeMs={last_met_ms} nowMs={nowMs} />
          </>
        )}
      </p>
      <p className="rule-origin">
        <OriginChip origin={rule.origin} />
      </p>
    </li>
  );
});
