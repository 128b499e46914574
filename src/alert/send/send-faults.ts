import { Fault } from "../../lib/fault.ts";

/** What the outbox does next follows from these alone. */
type SendDetails = {
  /** The other side's wish. */
  retryAfterMs?: number | undefined;
  /** Recipients that are done with: they have it, or refused it for good. */
  deliveredTo?: readonly string[] | undefined;
  refusedBy?: readonly string[] | undefined;
  cause?: unknown;
};

/**
 * Nothing gets through to this place now: the message is tried again, and the others wait with it. `stubborn` where
 * time alone will not help, as with a wrong password: by the fallback at once, if there is one.
 */
export function placeDown(words: string, details: SendDetails & { stubborn?: boolean } = {}): Fault {
  return sendFault("delivery_unreachable", words, { ...details, retry: "retryable" });
}

/** This message is not taken now: the others go on. */
export function deferred(words: string, details: SendDetails = {}): Fault {
  return sendFault("delivery_deferred", words, { ...details, retry: "retryable" });
}

/** This message will never be taken. */
export function refused(words: string, details: SendDetails = {}): Fault {
  return sendFault("delivery_refused", words, { ...details, retry: "final" });
}

function sendFault(
  code: string,
  words: string,
  { retry, cause, ...details }: SendDetails & { stubborn?: boolean; retry: "retryable" | "final" },
): Fault {
  const sentence = words.endsWith(".") ? words : `${words}.`;
  return new Fault(code, sentence, { retry, details, ...(cause === undefined ? {} : { cause }) });
}

/** The other side's own words, for a sentence: one line, no more than they are worth. */
export function theirWords(text: string): string {
  const words = text.replace(/[\s\p{Cc}]+/gu, " ").trim();
  return (words.length > 200 ? `${words.slice(0, 200)}…` : words).replace(/\.$/, "");
}

/** Whether an error's code tells of a certificate or a handshake: what time does not mend. */
export function isTlsCode(code: string | undefined): boolean {
  return code !== undefined && /CERT|SIGNED|SIGNATURE|ERR_TLS|ERR_SSL/.test(code);
}
