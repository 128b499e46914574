import { sentenceOf } from "./format.ts";
import { type JsonPath, type JsonSpan, pathText, samePath, spanOf } from "./json-spans.ts";

/** What the monitor says against a watch, and the value that it means. */
export type WatchProblem = {
  sentence: string;
  path: JsonPath;
  /** Where in the text: to be shown and selected. */
  span: JsonSpan | undefined;
};

const AT = / ?\(at ([^()\s][^()]*)\)\.?$/;
const NAMED = /\[([^[\]]+)\]/g;

/**
 * Places a refusal in the text of a watch: at the path that it ends with, `(at input.search)`, or at what it names in
 * brackets below that; a refusal without a path at what it names anywhere.
 */
export function placeProblem(message: string, spans: readonly JsonSpan[]): WatchProblem {
  const [suffix = "", told] = AT.exec(message) ?? [];
  const sentence = sentenceOf(suffix === "" ? message : message.slice(0, -suffix.length));
  const known = told === undefined ? [] : pathOf(told, spans);
  const path = namedPath(message, { spans, below: known }) ?? known;
  return { sentence, path, span: spanOf(spans, path) };
}

/** A dotted path as keys: which may hold dots themselves, so that the text decides. */
function pathOf(dotted: string, spans: readonly JsonSpan[]): JsonPath {
  const wanted = dotted.replace(/\[(\d+)\]/g, ".$1");
  let best: JsonPath = [];
  for (const { path } of spans) {
    const text = path.join(".");
    if (text === wanted) return path;
    if (wanted.startsWith(`${text}.`) && path.length > best.length) best = path;
  }
  const rest = wanted.slice(best.length === 0 ? 0 : best.join(".").length + 1);
  return [...best, rest];
}

/** What is named last is what is meant: before it stands what holds it. */
function namedPath(
  message: string,
  { spans, below }: { spans: readonly JsonSpan[]; below: JsonPath },
): JsonPath | undefined {
  for (const [, name = ""] of [...message.matchAll(NAMED)].reverse()) {
    const found = spans.find(
      ({ path }) =>
        path.length > below.length &&
        samePath(path.slice(0, below.length), below) &&
        (path.join(".") === name || String(path.at(-1)) === name),
    );
    if (found !== undefined) return found.path;
  }
  return undefined;
}

/** Where a problem is, for people: the path, unless it is the whole. */
export function placeWords({ path, span }: WatchProblem): string | undefined {
  if (path.length === 0) return undefined;
  const isThere = span !== undefined && samePath(span.path, path);
  return isThere ? pathText(path) : `${pathText(path)} (missing)`;
}
