import type { RuleAnswer } from "../../../../src/serve/views.ts";
import { KIND_WORDS, SCOPE_WORDS } from "../../lib/alert-words.ts";
import { formatCount, formatList } from "../../lib/format.ts";
import { shownText } from "../../lib/safe-text.ts";
import { conditionWords, isRecord, valueAtPath } from "../../lib/watch-fields.ts";
import { SeverityMark } from "../alert/severity-mark.tsx";
import { Link } from "../link.tsx";
import { Moment } from "../moment.tsx";
import { Panel } from "../panel.tsx";

/** What a rule means, and how it fares, as it is saved. */
export function RuleMeaning({ answer, nowMs }: { answer: RuleAnswer; nowMs: number }) {
  const { rule, watch } = answer;
  const { id, description, trigger, scope, severity, actions, last_checked_ms, last_met_ms, open_alerts } = rule;
  const checkFirst = valueAtPath(watch, ["metadata", "alert", "check_first"]);
  const condition = valueAtPath(watch, ["condition"]);
  return (
    <Panel title="What it means" className="rule-meaning">
      {description !== "" && <p className="rule-description">{shownText(description)}</p>}
      {rule.cannot_judge !== null && (
        <p className="trouble mild">
          <strong>It cannot judge now:</strong> {shownText(rule.cannot_judge)}
        </p>
      )}
      {typeof checkFirst === "string" && checkFirst !== "" && (
        <section className="check-first" aria-label="Check first">
          <h3 className="part-title">Check first</h3>
          <p>{shownText(checkFirst)}</p>
        </section>
      )}
      <dl className="facts wide">
        <dt>Checked</dt>
        <dd>{shownText(trigger.words)}</dd>
        {isRecord(condition) && (
          <>
            <dt>Met when</dt>
            <dd className="condition-words">{shownText(conditionWords(condition))}</dd>
          </>
        )}
        <dt>About</dt>
        <dd>{scope === null ? "whatever it looks at: a plain watch of Watcher" : SCOPE_WORDS[scope]}</dd>
        {severity !== null && (
          <>
            <dt>Severity</dt>
            <dd>
              <SeverityMark severity={severity} /> at least
            </dd>
          </>
        )}
        <dt>Told by</dt>
        <dd>{actions.length === 0 ? "nothing: it is shown here alone" : formatList(actions.map(actionName))}</dd>
        <dt>Last checked</dt>
        <dd>{last_checked_ms === null ? "not yet" : <Moment timeMs={last_checked_ms} nowMs={nowMs} />}</dd>
        <dt>Last met</dt>
        <dd>{last_met_ms === null ? "never" : <Moment timeMs={last_met_ms} nowMs={nowMs} />}</dd>
        <dt>Alerts</dt>
        <dd>
          <Link to={`/alerts?rule=${encodeURIComponent(id)}`}>
            {open_alerts === 0 ? "none open; earlier ones" : formatCount(open_alerts, "open alert")}
          </Link>
        </dd>
      </dl>
    </Panel>
  );
}

function actionName({ id, kind }: RuleAnswer["rule"]["actions"][number]): string {
  const words = KIND_WORDS[kind];
  return id === kind || id === words ? words : `${shownText(id)} (${words})`;
}
