import { useMemo, useState } from "react";
import { KIND_WORDS } from "../../lib/alert-words.ts";
import { nodePath, slotPath } from "../../lib/router.ts";
import { cutText, shownText } from "../../lib/safe-text.ts";
import { actionWords, type DoneAction, type FoundAlert, readRecord } from "../../lib/watch-record.ts";
import { SeverityMark } from "../alert/severity-mark.tsx";
import { CutText } from "../cut-text.tsx";
import { Link } from "../link.tsx";

const MOST_JSON = 100_000;

/** Watcher's record of one check, to be read: what was found, what that means, and what is sent. */
export function RecordView({ record }: { record: unknown }) {
  const view = useMemo(() => readRecord(record), [record]);
  const { met, condition, resolved, input, alerts, actions, messages, cut } = view;
  return (
    <div className="record-view">
      {messages.map((message) => (
        <p key={message} className="trouble">
          <strong>It failed:</strong> {shownText(message)}
        </p>
      ))}
      {met !== undefined && (
        <p className="record-met">
          <span className={met ? "verdict met" : "verdict"}>{met ? "Met" : "Not met"}</span>{" "}
          <span className="condition-words">{shownText(condition)}</span>
        </p>
      )}
      {resolved.length > 0 && (
        <dl className="facts resolved">
          {resolved.map(({ path, value }) => (
            <div key={path}>
              <dt className="number">{shownText(path)}</dt>
              <dd className="number">
                <CutText text={value} />
              </dd>
            </div>
          ))}
        </dl>
      )}
      {alerts.length > 0 && (
        <ul className="found-alerts" aria-label="Alerts">
          {alerts.map((alert) => (
            <Found key={`${alert.about} ${alert.title}`} alert={alert} />
          ))}
        </ul>
      )}
      {actions.length > 0 && (
        <ul className="done-actions" aria-label="Actions">
          {actions.map((action) => (
            <Done key={action.id} action={action} ofAlert={alerts.length > 0} />
          ))}
        </ul>
      )}
      {input !== undefined && <Json summary={`What it looked at (${input.type})`} value={input.payload} />}
      {cut === undefined ? (
        <Json summary="The whole record" value={record} />
      ) : (
        <Json summary="The beginning of the record: it is too long to be kept" value={cut} />
      )}
    </div>
  );
}

function Found({ alert }: { alert: FoundAlert }) {
  const { severity, title, text, slot, nodes } = alert;
  return (
    <li>
      <SeverityMark severity={severity} />
      <div>
        <b>{shownText(title)}</b>
        {text !== "" && (
          <p>
            <CutText text={text} most={600} />
          </p>
        )}
        <p className="muted">
          {slot !== undefined && (
            <>
              slot <Link to={slotPath(slot)}>{slot}</Link>{" "}
            </>
          )}
          {nodes.map((node) => (
            <span key={node}>
              <Link to={nodePath(node)}>{node}</Link>{" "}
            </span>
          ))}
        </p>
      </div>
    </li>
  );
}

function Done({ action, ofAlert }: { action: DoneAction; ofAlert: boolean }) {
  const { id, type, status, reason, contents } = action;
  const { words, tone } = actionWords(status);
  const kind = (KIND_WORDS as Readonly<Record<string, string>>)[type] ?? type;
  return (
    <li className={`message ${tone}`}>
      <span className="mark" aria-hidden="true" />
      <div>
        <p>
          <b>{id}</b>
          {kind !== id && ` (${kind})`}: {words}
          {reason !== undefined && `, ${shownText(reason)}`}
        </p>
        {ofAlert && contents.length > 0 && contents.every((parts) => parts.length === 0) && (
          <p className="muted">Its text is made of the alert.</p>
        )}
        {contents.map((parts, index) =>
          parts.length === 0 ? null : (
            // biome-ignore lint/suspicious/noArrayIndexKey: a content is its place
            <dl className="content-parts" key={index}>
              {parts.map(({ key, text }) => (
                <div key={key}>
                  <dt>{key}</dt>
                  <dd>
                    <CutText text={text} most={600} />
                  </dd>
                </div>
              ))}
            </dl>
          ),
        )}
      </div>
    </li>
  );
}

/** JSON to be opened; written out only then. */
function Json({ summary, value }: { summary: string; value: unknown }) {
  const [open, setOpen] = useState(false);
  return (
    <details className="data-table" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{summary}</summary>
      {open && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls and must be reachable by keyboard
        <pre className="code" tabIndex={0}>
          {shownText(jsonText(value))}
        </pre>
      )}
    </details>
  );
}

function jsonText(value: unknown): string {
  const text = typeof value === "string" ? value : (JSON.stringify(value, null, 2) ?? "nothing");
  const cut = cutText(text, MOST_JSON);
  return cut === undefined ? text : `${cut}\n… (${text.length} letters in all)`;
}
