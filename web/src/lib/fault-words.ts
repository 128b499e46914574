import type { ApiFault } from "./ask-json.ts";
import { sentenceOf } from "./format.ts";

/** What a failed request means to who looks at a panel: what happened, and what to do. */
export function faultWords(fault: ApiFault): { title: string; sentence: string } {
  const told = sentenceOf(fault.message);
  const { code, status } = fault;
  if (code === "unreachable")
    return { title: "The monitor does not answer", sentence: `${told} The panel tries again.` };
  if (/timeout|timed_out|too_slow/.test(code) || status === 504)
    return { title: "The query took too long", sentence: `${told} A shorter time range answers sooner.` };
  if (/too_large|too_many|too_big|limit/.test(code) || status === 413)
    return {
      title: "The answer would be too large",
      sentence: `${told} A shorter time range or fewer buckets make it smaller.`,
    };
  if (status === 404) return { title: "There is nothing of this name", sentence: told };
  if (status === 403 || status === 401) return { title: "Not allowed here", sentence: told };
  if (/field/.test(code) || /field \[|No mapping|unknown field/i.test(fault.message))
    return { title: "The query names a field that cannot be used", sentence: `${told} The menu's "Query" shows it.` };
  if (fault.retry) return { title: "The store does not answer", sentence: `${told} The panel tries again.` };
  return { title: "The query was refused", sentence: told };
}
