import type { ValueFormat } from "../../panels/panel.ts";

/**
 * Vega's expression of the value at a path of `datum`, which is undefined where a part of the path is. A document may
 * hold a field by its whole name; other keys with dots have no form (unsayable-path.ts).
 */
export function valueExpression(path: string): string {
  const parts = path.split(".");
  const nested = guarded(parts);
  // Kibana's search gives hits.total as a number, where an engine has an object.
  if (path === "hits.total.value")
    return `(datum['hits'] && (isNumber(datum['hits']['total']) ? datum['hits']['total'] : ${nested}))`;
  const before = parts.indexOf("_source") + 1;
  if (before === 0 || parts.length - before < 2) return `(${nested})`;
  const flat = guarded([...parts.slice(0, before), parts.slice(before).join(".")]);
  return `(isValid(${flat}) ? ${flat} : ${nested})`;
}

function guarded(parts: readonly string[]): string {
  return parts
    .map(
      (_, at) =>
        `datum${parts
          .slice(0, at + 1)
          .map(bracket)
          .join("")}`,
    )
    .join(" && ");
}

function bracket(part: string): string {
  return `[${quoted(part)}]`;
}

/** A text as a literal of Vega's expressions. */
export function quoted(text: string): string {
  return `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'").replaceAll(/\s/g, " ")}'`;
}

/** Longer texts are cut before they are measured: a line of a log may have a million characters. */
const MAX_CHARACTERS = 300;

/** Vega's expression that says a value as the panel's format wants it; a dash where there is none. */
export function formatExpression(value: string, format: ValueFormat): string {
  const number = (inner: string) => `(isNumber(${value}) ? ${inner} : '–')`;
  switch (format) {
    case "number":
      return number(`format(${value}, ',.4~r')`);
    case "integer":
      return number(`format(${value}, ',.0f')`);
    case "identifier":
      return `(isValid(${value}) ? '' + ${value} : '–')`;
    case "percent":
      return number(`format(${value}, '.2~%')`);
    case "ms":
      return number(`format(${value}, ',.0f') + ' ms'`);
    case "seconds":
      return number(`format(${value}, ',.1~f') + ' s'`);
    case "bytes":
      return number(`format(${value}, '.3~s') + 'B'`);
    case "per_second":
      return number(`format(${value}, ',.1~f') + '/s'`);
    case "time":
      return `(isValid(${value}) ? utcFormat(toDate(${value}), '%Y-%m-%d %H:%M:%S') : '–')`;
    case "root":
      return `(isValid(${value}) ? truncate('' + ${value}, 12) : '–')`;
    case "text":
      return `(isValid(${value}) ? truncate(isArray(${value}) ? join(${value}, ', ') : '' + ${value}, ${MAX_CHARACTERS}) : '–')`;
  }
}
