import { useCallback, useState } from "react";
import { OWN_PATH } from "../../../../src/panels/own-path.ts";
import type { AlertRecord, DeliveryRecord, RuleView, Silence } from "../../../../src/serve/views.ts";
import { alertApi } from "../../lib/alert-api.ts";
import { stepsOf } from "../../lib/alert-messages.ts";
import { lastedWords, SCOPE_WORDS } from "../../lib/alert-words.ts";
import { formatCount, formatUtc, sentenceOf } from "../../lib/format.ts";
import { nodePath, rulePath, slotPath } from "../../lib/router.ts";
import { shownText } from "../../lib/safe-text.ts";
import { coverWords, spanWords } from "../../lib/silence-words.ts";
import { useAnswer } from "../../lib/use-answer.ts";
import { useSettledValue } from "../../lib/use-settled-value.ts";
import { CopyButton } from "../copy-button.tsx";
import { CutText } from "../cut-text.tsx";
import { Link } from "../link.tsx";
import { Moment } from "../moment.tsx";
import { AlertButtons } from "./alert-buttons.tsx";
import { AlertSteps } from "./alert-steps.tsx";
import { SeverityMark } from "./severity-mark.tsx";

/** One alert in full: what it means, what to look at first, who was told, and what can be done. */
export function AlertDetail(props: {
  /** As the stream told it last. */
  alert: AlertRecord;
  rules: readonly RuleView[];
  silence: Silence | undefined;
  titleOf(rule: string): string;
  nowMs: number;
  /** The page is this alert's own, with its heading. */
  own: boolean;
  onChanged(): void;
}) {
  const { alert, rules, silence, titleOf, nowMs, own, onChanged } = props;
  const { id, severity, state, title, text, check_first, about, scope, slot, nodes, link, rule } = alert;
  const [address] = useState(() => window.location.origin);
  const Heading = own ? "h1" : "h2";
  const Part = own ? "h2" : "h3";
  return (
    <article className="panel alert-detail" aria-label={`Alert: ${shownText(title)}`}>
      <header>
        <p className="alert-state">
          <SeverityMark severity={severity} />
          <span className={`alert-stage ${state}`}>{state}</span>
          <span className="number">{lastedWords(alert, nowMs)}</span>
        </p>
        <Heading>{shownText(title)}</Heading>
      </header>
      <AlertButtons alert={alert} rules={rules} titleOf={titleOf} onChanged={onChanged} />
      {silence !== undefined && state !== "over" && (
        <p className="silence-words">
          Silenced {spanWords(silence, nowMs)}: nobody is told of {coverWords(silence, titleOf)}
          {silence.reason === "" ? "." : ` (${shownText(silence.reason)}).`}
        </p>
      )}
      {text.trim() !== "" && text !== title && (
        <div className="alert-text">
          <CutText text={text} most={1200} />
        </div>
      )}
      {check_first !== null && check_first.trim() !== "" && (
        <section className="check-first" aria-label="Check first">
          <Part className="part-title">Check first</Part>
          <p>{shownText(check_first)}</p>
        </section>
      )}
      <dl className="facts wide">
        <dt>Since</dt>
        <dd>
          <span className="number">{formatUtc(alert.since_ms)}</span>, <Moment timeMs={alert.since_ms} nowMs={nowMs} />
        </dd>
        {alert.until_ms !== null && (
          <>
            <dt>Until</dt>
            <dd className="number">{formatUtc(alert.until_ms)}</dd>
          </>
        )}
        <dt>Condition met</dt>
        <dd>
          {formatCount(alert.met, "time")}, last <Moment timeMs={alert.last_ms} nowMs={nowMs} />
        </dd>
        <dt>About</dt>
        <dd>
          {SCOPE_WORDS[scope]}
          {about !== "" && about !== scope && (
            <>
              : <span className="told-text">{shownText(about)}</span>
            </>
          )}
        </dd>
        {nodes.length > 0 && (
          <>
            <dt>Nodes</dt>
            <dd className="node-links">
              {nodes.map((node) => (
                <Link key={node} to={nodePath(node)}>
                  {node}
                </Link>
              ))}
            </dd>
          </>
        )}
        {slot !== null && (
          <>
            <dt>Slot</dt>
            <dd>
              <Link to={slotPath(slot)}>
                <span className="number">{slot}</span>
              </Link>
            </dd>
          </>
        )}
        {link !== null && OWN_PATH.test(link) && (slot === null || link !== slotPath(slot)) && (
          <>
            <dt>Shown at</dt>
            <dd>
              <Link to={link}>{link}</Link>
            </dd>
          </>
        )}
        <dt>Rule</dt>
        <dd>
          <Link to={rulePath(rule)}>{titleOf(rule)}</Link>
        </dd>
      </dl>
      <Told alert={alert} nowMs={nowMs} Part={Part} />
      <p className="alert-share">
        <CopyButton text={`${address}/alerts/${id}`} className="quiet-button" label="Copy the address of this alert">
          Copy the address
        </CopyButton>
      </p>
    </article>
  );
}

const NONE: readonly DeliveryRecord[] = [];
/** What the stream tells can be searched a second later; asked after more, so that it is in the answer. */
const STORED_MS = 3000;

function Told({ alert, nowMs, Part }: { alert: AlertRecord; nowMs: number; Part: "h2" | "h3" }) {
  const { id, since_ms } = alert;
  const isStored = nowMs - since_ms > STORED_MS;
  const ask = useCallback((signal: AbortSignal) => alertApi.alert(id, signal), [id]);
  const told = useAnswer(isStored ? ask : undefined, useSettledValue(alert.told, STORED_MS));
  const steps = stepsOf(alert, told.kind === "ready" ? told.answer.deliveries : NONE);
  return (
    <section aria-label="Who was told">
      <Part className="part-title">Who was told</Part>
      {told.kind === "ready" && alert.told.length === 0 && told.answer.deliveries.length === 0 && (
        <p className="hint">Nobody: no action of the rule called for a message.</p>
      )}
      <AlertSteps steps={steps} />
      {told.kind === "failed" && (
        <p className="problems" role="alert">
          To whom it went could not be read: {sentenceOf(told.fault.message)}
        </p>
      )}
    </section>
  );
}
