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

/** A script that is outside of what is supported, or is none at all: `script_invalid`, with the `error` in its details. */
export function scriptInvalid(source: string, at: number, reason: string): Fault {
  return told("script_invalid", "compile error", { source, at, type: "illegal_argument_exception", reason });
}

/** A script that failed while it ran: `script_failed`, with the `error` in its details. */
export function scriptFailed(place: { source: string; at: number }, type: string, reason: string): Fault {
  return told("script_failed", "runtime error", { ...place, type, reason });
}

function told(
  code: string,
  when: ScriptError["reason"],
  { source, at, type, reason }: { source: string; at: number; type: string; reason: string },
): Fault {
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
    caused_by: { type, reason },
  };
  return new Fault(code, `${when}: ${reason}, at character ${at + 1} of [${source.slice(0, 200)}]`, {
    details: { error },
  });
}
