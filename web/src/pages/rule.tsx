import { useCallback, useEffect, useRef, useState } from "react";
import type { RuleAnswer } from "../../../src/serve/views.ts";
import { FaultNotice } from "../components/fault-notice.tsx";
import { Link } from "../components/link.tsx";
import { Notice } from "../components/notice.tsx";
import { Panel } from "../components/panel.tsx";
import { ActiveSwitch } from "../components/rule/active-switch.tsx";
import { BacktestPanel } from "../components/rule/backtest-panel.tsx";
import { HistoryPanel } from "../components/rule/history-panel.tsx";
import { OriginChip } from "../components/rule/origin-chip.tsx";
import { RuleMeaning } from "../components/rule/rule-meaning.tsx";
import { RuleRemoval } from "../components/rule/rule-removal.tsx";
import { SaveBar } from "../components/rule/save-bar.tsx";
import { noteRefusal, TestPanel } from "../components/rule/test-panel.tsx";
import { WatchEditor } from "../components/rule/watch-editor.tsx";
import { RulesSkeleton } from "../components/skeleton.tsx";
import { alertApi } from "../lib/alert-api.ts";
import { useNowMs } from "../lib/monitor.tsx";
import { shownText } from "../lib/safe-text.ts";
import { useAnswer } from "../lib/use-answer.ts";
import { useUnsaved } from "../lib/use-draft.ts";
import { useEvery } from "../lib/use-every.ts";
import { useMode } from "../lib/use-mode.ts";
import { useSave } from "../lib/use-save.ts";
import { useWatchDraft } from "../lib/use-watch-draft.ts";

const EVERY_MS = 5000;

/** One rule: what it means, its watch to be edited and tried, and when it was met. */
export function RulePage({ id }: { id: string }) {
  const { tick, again } = useEvery(EVERY_MS);
  const ask = useCallback((signal: AbortSignal) => alertApi.rule(id, signal), [id]);
  const told = useAnswer(ask, tick);
  if (told.kind === "loading") return <RulesSkeleton what={`the rule ${id}`} />;
  if (told.kind === "failed") {
    if (told.fault.status === 404) return <Unknown id={id} />;
    return <FaultNotice heading={`Rule ${id}`} title="The rule could not be read" fault={told.fault} />;
  }
  return <Rule answer={told.answer} tick={tick} onChanged={again} />;
}

function Rule({ answer, tick, onChanged }: { answer: RuleAnswer; tick: number; onChanged(): void }) {
  const { rule, watch } = answer;
  const { id, title, origin } = rule;
  const mode = useMode();
  const nowMs = useNowMs(EVERY_MS);
  const draft = useWatchDraft(watch);
  const told = JSON.stringify(watch);
  const [known, setKnown] = useState({ version: rule.version, text: told });
  const follows = useRef(false);
  const saving = useSave();
  useUnsaved(draft.isChanged && !saving.busy);
  const isOvertaken = rule.version > known.version && told !== known.text;
  const begin = (from: RuleAnswer) => {
    draft.restart(from.watch);
    setKnown({ version: from.rule.version, text: JSON.stringify(from.watch) });
  };
  // What nobody is editing, or what was restored, is shown as it is saved now.
  useEffect(() => {
    if (!isOvertaken || (draft.isChanged && !follows.current)) return;
    follows.current = false;
    begin(answer);
  });
  const save = () => {
    const next = draft.watch;
    if (next === undefined) return;
    saving.send(async (signal) => {
      try {
        begin(await alertApi.saveRule(id, next, signal));
      } catch (error) {
        noteRefusal(error, draft);
        throw error;
      }
    }, onChanged);
  };
  return (
    <div className="rule-page">
      <header className="page-head">
        <div>
          <p className="back">
            <Link to="/rules">All rules</Link>
          </p>
          <h1>{shownText(title)}</h1>
          <p className="hint">
            <span className="number">{id}</span> <OriginChip origin={origin} />
          </p>
        </div>
        <div className="page-tools">
          <ActiveSwitch rule={rule} onChanged={onChanged} />
          {mode.writes && (
            <Link to={`/rules/new?of=${encodeURIComponent(id)}`} className="button">
              Copy as new
            </Link>
          )}
          {mode.writes && origin !== "shipped" && (
            <RuleRemoval
              rule={rule}
              onRestored={() => {
                follows.current = true;
                onChanged();
              }}
            />
          )}
        </div>
      </header>
      {isOvertaken && draft.isChanged && (
        <div className="trouble mild watch-problem" role="alert">
          <p>
            <strong>It was saved by somebody else meanwhile.</strong> What you see to edit is what it was before.
          </p>
          <button type="button" className="button" onClick={() => begin(answer)}>
            Discard mine, show theirs
          </button>
        </div>
      )}
      <div className="rule-columns">
        <div className="rule-column">
          <RuleMeaning answer={answer} nowMs={nowMs} />
          <Panel
            title={mode.writes ? "Edit" : "Its watch"}
            hint={
              mode.writes
                ? "What you write is checked when it is saved. Test it and hold it against the past before."
                : undefined
            }
            className="edit-panel"
          >
            <WatchEditor draft={draft} />
          </Panel>
          {mode.writes && draft.isChanged && (
            <SaveBar
              words={origin === "shipped" ? "Changed: the shipped one can be restored." : "Changed, and not saved."}
              saveWords="Save"
              saving={saving}
              disabled={draft.watch === undefined}
              onSave={save}
              onDiscard={() => begin(answer)}
            />
          )}
        </div>
        <div className="rule-column">
          {mode.writes && <TestPanel id={id} draft={draft} />}
          {mode.writes && <BacktestPanel draft={draft} />}
          <HistoryPanel id={id} tick={tick} nowMs={nowMs} />
        </div>
      </div>
    </div>
  );
}

function Unknown({ id }: { id: string }) {
  return (
    <>
      <h1 className="visually-hidden">Rule {id}</h1>
      <Notice title="There is no such rule">
        <p>
          No rule is called <code>{shownText(id)}</code>: it may have been deleted. <Link to="/rules">All rules</Link>{" "}
          are those there are; <Link to={`/alerts?rule=${encodeURIComponent(id)}`}>its alerts</Link> are kept.
        </p>
      </Notice>
    </>
  );
}
