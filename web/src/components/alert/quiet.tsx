import type { RulesAnswer } from "../../../../src/serve/views.ts";
import { formatAgo, formatCount, formatUtc } from "../../lib/format.ts";
import { ruleCounts } from "../../lib/rule-words.ts";
import type { Answer } from "../../lib/use-answer.ts";
import { Icon } from "../icons.tsx";
import { Link } from "../link.tsx";

/** Nothing is open: since when, and whether that can be believed. */
export function Quiet(props: {
  sinceMs: number | undefined;
  filtered: boolean;
  acknowledged: number;
  rules: Answer<RulesAnswer>;
  nowMs: number;
}) {
  const { sinceMs, filtered, acknowledged, rules, nowMs } = props;
  return (
    <div className="quiet">
      <Icon name="check" />
      <div>
        <p className="quiet-title">{titleOf({ sinceMs, filtered, acknowledged })}</p>
        {sinceMs !== undefined && !filtered && acknowledged === 0 && (
          <p className="muted">The last alert ended {formatAgo(nowMs, sinceMs)}.</p>
        )}
        {rules.kind === "ready" && <Watched answer={rules.answer} nowMs={nowMs} />}
      </div>
    </div>
  );
}

function titleOf(props: { sinceMs: number | undefined; filtered: boolean; acknowledged: number }) {
  const { sinceMs, filtered, acknowledged } = props;
  if (filtered) return "Nothing of this is open.";
  if (acknowledged > 0) return "Nothing is open that nobody has seen.";
  return sinceMs === undefined ? "Quiet: no alert was ever raised." : `Quiet since ${formatUtc(sinceMs)}`;
}

function Watched({ answer, nowMs }: { answer: RulesAnswer; nowMs: number }) {
  const { active, checkedMs, unjudged } = ruleCounts(answer.rules);
  return (
    <p className="muted">
      <Link to="/rules">{formatCount(active, "rule")}</Link> {active === 1 ? "is" : "are"} checked
      {checkedMs === undefined ? ", none of them yet" : `, the last one ${formatAgo(nowMs, checkedMs)}`}.
      {unjudged > 0 && (
        <>
          {" "}
          <Link to="/rules?show=unjudged">{unjudged} cannot judge now</Link>.
        </>
      )}
    </p>
  );
}
