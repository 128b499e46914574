import { useId } from "react";
import { Choice } from "../components/alert/alert-filters.tsx";
import { FaultNotice } from "../components/fault-notice.tsx";
import { Link } from "../components/link.tsx";
import { RuleRow } from "../components/rule/rule-row.tsx";
import { RulesSkeleton } from "../components/skeleton.tsx";
import { alertApi } from "../lib/alert-api.ts";
import { formatCount } from "../lib/format.ts";
import { useNowMs } from "../lib/monitor.tsx";
import { type Location, navigate, useLocation, withQuery } from "../lib/router.ts";
import {
  ORIGINS,
  RULE_SHOWS,
  type RuleFilter,
  readRuleFilter,
  ruleGroups,
  SHOW_WORDS,
  takesRule,
} from "../lib/rule-filter.ts";
import { ruleCounts } from "../lib/rule-words.ts";
import { useAnswer } from "../lib/use-answer.ts";
import { useEvery } from "../lib/use-every.ts";
import { useMode } from "../lib/use-mode.ts";

const EVERY_MS = 5000;

/** Every rule: what it looks for, whether it is checked, and how it fares. */
export function RulesPage() {
  const mode = useMode();
  const location = useLocation();
  const filter = readRuleFilter(location.query);
  const { tick, again } = useEvery(EVERY_MS);
  const told = useAnswer(alertApi.rules, tick);
  const nowMs = useNowMs(EVERY_MS);
  if (told.kind === "loading") return <RulesSkeleton what="Rules" />;
  if (told.kind === "failed")
    return <FaultNotice heading="Rules" title="The rules could not be read" fault={told.fault} />;
  const { rules, running } = told.answer;
  const groups = ruleGroups(rules.filter((rule) => takesRule(filter, rule)));
  const { active, unjudged } = ruleCounts(rules);
  return (
    <div className="rules-page">
      <header className="page-head">
        <div>
          <h1>Rules</h1>
          <p className="hint">
            {active} of {formatCount(rules.length, "rule")} are checked
            {unjudged > 0 && `, ${unjudged} of them cannot judge now`}.
          </p>
        </div>
        {mode.writes && (
          <Link to="/rules/new" className="button primary">
            New rule
          </Link>
        )}
      </header>
      {!running && (
        <p className="trouble" role="alert">
          <strong>No rule is checked:</strong> Watcher was stopped. <code>POST /_watcher/_start</code> starts it again.
        </p>
      )}
      <Filters location={location} filter={filter} />
      {groups.length === 0 && (
        <p className="empty">
          {rules.length === 0 ? (
            <>
              There is no rule yet. <Link to="/rules/new">Make one</Link>.
            </>
          ) : (
            <>
              No rule is like this. <Link to="/rules">Show all</Link>.
            </>
          )}
        </p>
      )}
      {groups.map(({ title, rules: shown }) => (
        <section key={title} className="panel rule-group" aria-label={title}>
          <h2>
            {title} <span className="count-of">{shown.length}</span>
          </h2>
          <ul className="rule-list">
            {shown.map((rule) => (
              <RuleRow key={rule.id} rule={rule} nowMs={nowMs} onChanged={again} />
            ))}
          </ul>
        </section>
      ))}
    </div>
  );
}

function Filters({ location, filter }: { location: Location; filter: RuleFilter }) {
  const id = useId();
  const change = (changes: Readonly<Record<string, string | undefined>>) =>
    navigate(withQuery(location, changes), { replace: true });
  return (
    <search className="board-bar">
      <label className="visually-hidden" htmlFor={id}>
        Search the rules
      </label>
      <input
        id={id}
        type="search"
        className="query-input rule-search"
        placeholder="Search the rules"
        autoComplete="off"
        value={filter.text}
        onChange={({ target }) => change({ q: target.value || undefined })}
      />
      <Choice
        label="Which rules"
        value={filter.show === "all" ? undefined : filter.show}
        all={SHOW_WORDS.all}
        choices={RULE_SHOWS.slice(1).map((value) => ({ value, words: SHOW_WORDS[value] }))}
        onChange={(value) => change({ show: value || undefined })}
      />
      <Choice
        label="Where from"
        value={filter.origin}
        all="of any origin"
        choices={ORIGINS.map((value) => ({ value, words: value }))}
        onChange={(value) => change({ origin: value || undefined })}
      />
    </search>
  );
}
