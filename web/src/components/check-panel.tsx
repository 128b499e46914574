import type { CheckAnswer, NodesCheck, NodeView } from "../../../src/serve/views.ts";
import { type CheckedNode, checkFacts, checkSentence, VERDICT_WORDS, worstFirst } from "../lib/check-words.ts";
import { formatDuration, formatUtcTime } from "../lib/format.ts";
import { useNowMs } from "../lib/monitor.tsx";
import { nodePath } from "../lib/router.ts";
import { type CheckLoad, useCheck } from "../lib/use-check.ts";
import { FindingList } from "./finding-list.tsx";
import { Link } from "./link.tsx";
import { Moment } from "./moment.tsx";
import { Panel } from "./panel.tsx";

/** What all nodes, or one, gave when they were last reached for it: what will be missing, and why. */
export function CheckPanel({ nodes, node }: { nodes: ReadonlyMap<string, NodeView>; node?: string }) {
  const load = useCheck();
  const nowMs = useNowMs(1000);
  const { answer } = load;
  return (
    <Panel
      title="Check"
      hint={node === undefined ? OF_ALL : OF_ONE}
      className="check"
      aside={<CheckButton load={load} nowMs={nowMs} />}
    >
      {load.sentence !== undefined && <p className="empty">The check could not be read. {load.sentence}</p>}
      {typeof answer?.failure === "string" && (
        <p className="empty is-missed">The last check was not finished: {answer.failure}</p>
      )}
      {answer?.report ? <Report report={answer.report} nodes={nodes} node={node} /> : <NoReport answer={answer} />}
    </Panel>
  );
}

const OF_ALL = "Every node was reached once, apart from the watch: what it gives, what will be missing, and why.";
const OF_ONE = "It was reached once, apart from the watch: what it gives, what will be missing, and why.";

function CheckButton({ load: { answer, begin }, nowMs }: { load: CheckLoad; nowMs: number }) {
  const since = answer?.running_since_ms ?? null;
  const isPausing = typeof answer?.again_ms === "number" && nowMs < answer.again_ms;
  const checkedMs = answer?.report?.checked_ms;
  return (
    <div className="check-aside">
      <span className="muted" role="status">
        {since !== null
          ? `checking, ${formatDuration(nowMs - since)}`
          : checkedMs !== undefined && (
              <>
                checked <Moment timeMs={checkedMs} nowMs={nowMs} />
              </>
            )}
      </span>
      <button
        type="button"
        className="button"
        onClick={begin}
        disabled={answer === undefined || since !== null || isPausing}
        title={isPausing ? `Again from ${formatUtcTime(answer.again_ms ?? 0)} UTC on` : undefined}
      >
        Check again
      </button>
    </div>
  );
}

function NoReport({ answer }: { answer: CheckAnswer | undefined }) {
  if (answer !== undefined && answer.running_since_ms === null) {
    return <p className="empty">The nodes were not checked yet.</p>;
  }
  return (
    <div aria-busy="true">
      <p className="empty">The nodes are being reached. A node that says nothing is waited for two slots.</p>
      <span className="bone" />
      <span className="bone short" />
    </div>
  );
}

function Report(props: { report: NodesCheck; nodes: ReadonlyMap<string, NodeView>; node: string | undefined }) {
  const { report, nodes, node } = props;
  const shown = worstFirst(report.nodes).filter(({ name }) => node === undefined || name === node);
  return (
    <>
      {node === undefined && <p className="check-sentence">{checkSentence(report)}</p>}
      <FindingList findings={report.findings} />
      <ul className="checked-nodes">
        {shown.map((checked) => (
          <li key={checked.name}>
            <Checked
              checked={checked}
              isNamed={node === undefined}
              isOld={(nodes.get(checked.name)?.since_ms ?? 0) > report.checked_ms}
            />
          </li>
        ))}
      </ul>
    </>
  );
}

function Checked({ checked, isNamed, isOld }: { checked: CheckedNode; isNamed: boolean; isOld: boolean }) {
  const { name, verdict, version, findings } = checked;
  const facts = checkFacts(checked);
  return (
    <>
      <p className="checked-head">
        {isNamed && (
          <Link to={nodePath(name)} className="number">
            {name}
          </Link>
        )}
        <span className={`verdict ${verdict}`}>{VERDICT_WORDS[verdict]}</span>
        {isNamed && version !== null && (
          <span className="muted clipped" title={version}>
            {version}
          </span>
        )}
      </p>
      {isOld && <p className="hint">Its state has changed since this check.</p>}
      {facts.length > 0 && (
        <dl className="checked-facts">
          {facts.map(({ title, value, note, alarm }) => (
            <div key={title}>
              <dt>{title}</dt>
              <dd className={alarm ? "is-late" : undefined}>{value}</dd>
              <dd className="muted">{note}</dd>
            </div>
          ))}
        </dl>
      )}
      <FindingList findings={findings} />
    </>
  );
}
