import { useCallback, useState } from "react";
import type { WatchBody } from "../../../src/serve/views.ts";
import { FaultNotice } from "../components/fault-notice.tsx";
import { TextField } from "../components/field.tsx";
import { Link } from "../components/link.tsx";
import { Panel } from "../components/panel.tsx";
import { BacktestPanel } from "../components/rule/backtest-panel.tsx";
import { SaveBar } from "../components/rule/save-bar.tsx";
import { TemplateList } from "../components/rule/template-list.tsx";
import { noteRefusal, TestPanel } from "../components/rule/test-panel.tsx";
import { WatchEditor } from "../components/rule/watch-editor.tsx";
import { RulesSkeleton } from "../components/skeleton.tsx";
import { alertApi } from "../lib/alert-api.ts";
import { ApiFault } from "../lib/ask-json.ts";
import { useLive } from "../lib/monitor.tsx";
import { newRuleOf, type RuleStart } from "../lib/new-rule.ts";
import { navigate, rulePath, useLocation } from "../lib/router.ts";
import { slugOf } from "../lib/slug.ts";
import { useAnswer } from "../lib/use-answer.ts";
import { useUnsaved } from "../lib/use-draft.ts";
import { useMode } from "../lib/use-mode.ts";
import { useSave } from "../lib/use-save.ts";
import { useWatchDraft } from "../lib/use-watch-draft.ts";
import { valueAtPath } from "../lib/watch-fields.ts";
import { watchTemplates } from "../lib/watch-templates.ts";
import { NoWrites } from "./dashboard-edit.tsx";

/** A rule being made: from a template, from another rule, from a search or from a panel. */
export function NewRulePage() {
  const { query } = useLocation();
  const mode = useMode();
  const { network } = useLive().state;
  const address = query.toString();
  const name = network?.name;
  const ask = useCallback(
    (signal: AbortSignal) => newRuleOf({ query: new URLSearchParams(address), network: name ?? "*" }, signal),
    [address, name],
  );
  const told = useAnswer(ask, undefined);
  if (mode.told && !mode.writes) return <NoWrites />;
  if (told.kind === "loading") return <RulesSkeleton what="New rule" />;
  if (told.kind === "failed")
    return (
      <FaultNotice heading="New rule" title="What the rule is to begin with could not be read" fault={told.fault} />
    );
  const templates = watchTemplates(network);
  const template = templates.find(({ id }) => id === query.get("template"));
  const start =
    told.answer ??
    (template === undefined ? undefined : { watch: template.watch, of: `the template “${template.title}”` });
  if (start === undefined) return <TemplateList templates={templates} />;
  return <NewRule key={address} start={start} />;
}

function NewRule({ start }: { start: RuleStart }) {
  const draft = useWatchDraft(start.watch);
  const [ownId, setOwnId] = useState<string>();
  const saving = useSave();
  useUnsaved(draft.isChanged && !saving.busy);
  const title = titleOf(draft.watch);
  const id = ownId ?? slugOf(title);
  const idProblem = problemOfId(id);
  const save = () => {
    const watch = draft.watch;
    if (watch === undefined || idProblem !== undefined) return;
    saving.send(
      async (signal) => {
        await mustBeFree(id, signal);
        try {
          await alertApi.saveRule(id, watch, signal);
        } catch (error) {
          noteRefusal(error, draft);
          throw error;
        }
      },
      () => navigate(rulePath(id)),
    );
  };
  return (
    <div className="rule-page">
      <header className="page-head">
        <div>
          <p className="back">
            <Link to="/rules">All rules</Link> · <Link to="/rules/new">All templates</Link>
          </p>
          <h1>New rule</h1>
          <p className="hint">It begins as {start.of}.</p>
        </div>
      </header>
      <div className="rule-columns">
        <div className="rule-column">
          <Panel title="Write it" hint="What you write is checked when it is saved." className="edit-panel">
            <TextField
              label="Id, in its address"
              value={id}
              hint="Letters, digits, “_”, “.” and “-”. It cannot be changed later."
              problems={idProblem === undefined ? [] : [{ path: "", sentence: idProblem }]}
              onChange={setOwnId}
            />
            <WatchEditor draft={draft} />
          </Panel>
          <SaveBar
            words={idProblem ?? "Not saved yet. Once it is, it is checked."}
            saveWords="Save the rule"
            saving={saving}
            disabled={draft.watch === undefined || idProblem !== undefined}
            onSave={save}
          />
        </div>
        <div className="rule-column">
          <TestPanel id={undefined} draft={draft} />
          <BacktestPanel draft={draft} />
        </div>
      </div>
    </div>
  );
}

function titleOf(watch: WatchBody | undefined): string {
  const name = valueAtPath(watch, ["metadata", "name"]);
  return typeof name === "string" ? name : "";
}

function problemOfId(id: string): string | undefined {
  if (id === "") return "It needs an id, or a title to make one of.";
  if (id === "new") return "“new” is taken: choose another id.";
  return /^[A-Za-z0-9_.-]{1,200}$/.test(id) ? undefined : "Only letters, digits, “_”, “.” and “-” can stand in an id.";
}

/** Rejects where there is a rule of this id: saving would replace it. */
async function mustBeFree(id: string, signal: AbortSignal): Promise<void> {
  try {
    await alertApi.rule(id, signal);
  } catch (error) {
    if (error instanceof ApiFault && error.status === 404) return;
    throw error;
  }
  const message = `There is a rule ${id} already: choose another id, or edit that one.`;
  throw new ApiFault({ code: "rule_taken", message, status: 409, retry: false });
}
