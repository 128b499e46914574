import { useMemo, useState } from "react";
import type { WatchBody } from "../../../src/serve/views.ts";
import { jsonErrorAt } from "./json-place.ts";
import { readJson } from "./json-problems.ts";
import { type JsonSpan, jsonSpans } from "./json-spans.ts";
import { isRecord } from "./watch-fields.ts";
import { placeProblem, type WatchProblem } from "./watch-problem.ts";

/** A watch being written: its text is what counts, whatever form it is edited by. */
export type WatchDraft = {
  text: string;
  setText(text: string): void;
  spans: readonly JsonSpan[];
  /** Undefined while the text is no JSON object. */
  watch: WatchBody | undefined;
  setWatch(watch: unknown): void;
  /** What is wrong with the text, or what the monitor said against it as it is. */
  problem: WatchProblem | undefined;
  /** What the monitor said against this text. */
  refuse(fault: { message: string }): void;
  isChanged: boolean;
  /** Begins anew with what is saved now. */
  restart(start: unknown): void;
};

export function useWatchDraft(start: unknown): WatchDraft {
  const [saved, setSaved] = useState(() => textOf(start));
  const [text, setText] = useState(saved);
  const [refused, setRefused] = useState<{ text: string; message: string }>();
  const spans = useMemo(() => jsonSpans(text), [text]);
  const read = useMemo(() => readJson(text), [text]);
  const watch = isRecord(read.value) ? read.value : undefined;
  const problem = useMemo((): WatchProblem | undefined => {
    if (read.problems !== undefined) {
      const at = jsonErrorAt(text) ?? text.length;
      return {
        sentence: read.problems[0]?.sentence ?? "",
        path: [],
        span: { path: [], keyFrom: at, from: at, to: at },
      };
    }
    if (watch === undefined) return { sentence: "A watch is a JSON object.", path: [], span: spans[0] };
    return refused?.text === text ? placeProblem(refused.message, spans) : undefined;
  }, [read, watch, refused, text, spans]);
  return {
    text,
    setText,
    spans,
    watch,
    setWatch: (next) => setText(textOf(next)),
    problem,
    refuse: ({ message }) => setRefused({ text, message }),
    isChanged: text !== saved,
    restart(next) {
      setSaved(textOf(next));
      setText(textOf(next));
    },
  };
}

function textOf(watch: unknown): string {
  return JSON.stringify(watch, null, 2);
}
