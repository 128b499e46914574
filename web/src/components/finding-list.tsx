import { bySeverity, type Finding, SEVERITY_WORDS } from "../lib/check-words.ts";

/** What a check found, the worst first; what costs nothing is folded away. */
export function FindingList({ findings }: { findings: readonly Finding[] }) {
  const sorted = bySeverity(findings);
  const notes = sorted.filter(({ severity }) => severity === "note");
  const others = sorted.filter(({ severity }) => severity !== "note");
  return (
    <>
      {others.length > 0 && <Findings findings={others} />}
      {notes.length > 0 && (
        <details className="data-table">
          <summary>
            {notes.length} more to know, {notes.length === 1 ? "which costs" : "which cost"} nothing
          </summary>
          <Findings findings={notes} />
        </details>
      )}
    </>
  );
}

function Findings({ findings }: { findings: readonly Finding[] }) {
  return (
    <ul className="findings">
      {findings.map(({ severity, code, sentence, advice }) => (
        <li key={`${code} ${sentence}`} className={`finding ${severity}`}>
          <span className="visually-hidden">{SEVERITY_WORDS[severity]}: </span>
          {sentence}
          {advice !== undefined && <span className="advice">{advice}</span>}
        </li>
      ))}
    </ul>
  );
}
