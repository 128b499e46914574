import type { AlertMessage, AlertStep } from "../../lib/alert-messages.ts";
import { KIND_WORDS, STAGE_WORDS, STATUS_WORDS } from "../../lib/alert-words.ts";
import { formatUtc, formatUtcTime } from "../../lib/format.ts";
import { shownText } from "../../lib/safe-text.ts";

const STEP_WORDS = { began: "It began", acknowledged: "It was acknowledged", over: "It was over" } as const;

/** What happened to an alert, and who was told of it. */
export function AlertSteps({ steps }: { steps: readonly AlertStep[] }) {
  return (
    <ol className="alert-steps">
      {steps.map((step) => (
        <li
          key={`${step.kind} ${step.kind === "told" ? step.stage : ""} ${step.atMs}`}
          className={step.kind === "told" && step.with ? `${step.kind} ${step.stage}` : step.kind}
        >
          <time className="number" dateTime={new Date(step.atMs).toISOString()} title={formatUtc(step.atMs, "ms")}>
            {formatUtcTime(step.atMs)}
          </time>
          {step.kind === "told" ? (
            <div>
              <p>{STAGE_WORDS[step.stage][step.with ? "with" : "alone"]}:</p>
              <ul>
                {step.messages.map((message) => (
                  <Message key={`${message.action} ${message.to ?? ""} ${message.atMs}`} message={message} />
                ))}
              </ul>
            </div>
          ) : (
            <p>{STEP_WORDS[step.kind]}.</p>
          )}
        </li>
      ))}
    </ol>
  );
}

function Message({ message }: { message: AlertMessage }) {
  const { action, kind, status, to, note } = message;
  const { words, tone } = STATUS_WORDS[status];
  const by = kind === undefined ? undefined : (KIND_WORDS as Readonly<Record<string, string>>)[kind];
  return (
    <li className={`message ${tone}`}>
      <span className="mark" aria-hidden="true" />
      <span>
        <b>{action}</b>
        {by !== undefined && by !== action && ` (${by})`}
        {to !== undefined && ` to ${shownText(to)}`}: <span className="outcome">{words}</span>
        {note !== undefined && `, ${shownText(note)}`}
      </span>
    </li>
  );
}
