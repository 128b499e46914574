import { Fault } from "../../lib/fault.ts";

/** Elasticsearch's `script_exception`, as it tells a script that cannot be compiled or that failed. */
export type ScriptError = {
  type: "script_exception";
  reason: "compile error" | "runtime error";
  /** The line around the place, and an arrow below it. */
  script_stack: readonly string[];
  script: string;
  lang: "painless";
  position: { offset: number; start: number; end: number };
  caused_by: { type: string; reason: string };
};

/** How much of a script is shown around the place. */
const AROUND = 25;

/** What went wrong, as Java tells it: its exception in snake case, and the words. */
export type JavaError = { type: string; reason: string };
type At = { source: string; at: number };

/** A script that is outside of what is supported, or is none at all: `script_invalid`, with the `error` in its details. */
export function scriptInvalid({ source, at, reason }: At & { reason: string }): Fault {
  const caused = { type: "illegal_argument_exception", reason };
  return told("script_invalid", { when: "compile error", source, at, caused });
}

/** A script that failed while it ran: `script_failed`, with the `error` in its details. */
export function scriptFailed({ source, at }: At, caused: JavaError): Fault {
  return told("script_failed", { when: "runtime error", source, at, caused });
}

type Told = At & { when: ScriptError["reason"]; caused: JavaError };

function told(code: string, { when, source, at, caused }: Told): Fault {
  const start = Math.max(0, at - AROUND);
  const end = Math.min(source.length, at + AROUND);
  const shown = `${start > 0 ? "... " : ""}${source.slice(start, end)}${end < source.length ? " ..." : ""}`;
  const arrow = `${" ".repeat(at - start + (start > 0 ? 4 : 0))}^---- HERE`;
  const error: ScriptError = {
    type: "script_exception",
    reason: when,
    script_stack: [shown, arrow],
    script: source,
    lang: "painless",
    position: { offset: at, start, end },
    caused_by: caused,
  };
  return new Fault(code, `${when}: ${caused.reason}, at character ${at + 1} of [${source.slice(0, 200)}]`, {
    details: { error },
  });
}
