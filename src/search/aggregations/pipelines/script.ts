import { isObject } from "../../json-shape.ts";
import type { Options } from "../../queries/clause.ts";
import { readOptions } from "../../queries/clause.ts";
import { invalid, unsupported } from "../../search-fault.ts";
import {
  type ExpressionFunctions,
  type ExpressionValue,
  mathFunctions,
  parseExpression,
  type Scope,
} from "./expression.ts";

/** A script of a pipeline: numbers by name in, its value out. */
export type Script = (
  numbers: Readonly<Record<string, number | undefined>>,
  values?: readonly number[],
) => ExpressionValue;

/** Reads `script`, a text or an object with `source` and `params`, of the languages `painless` and `expression`. */
export function scriptOption(options: Options, more: ExpressionFunctions = {}): Script {
  const given = options.raw("script");
  const body = isObject(given) ? given : { source: given };
  const part = readOptions("script", body, { options: ["source", "inline", "params", "lang"] });
  const source = part.text("source") ?? part.text("inline");
  if (source === undefined)
    throw invalid("must specify either [source] for an inline script", "illegal_argument_exception");
  const lang = part.text("lang") ?? "painless";
  if (lang !== "painless" && lang !== "expression") throw unsupported(`[lang] [${lang}] of a script`);
  const constants: Record<string, number | boolean> = {};
  const fixed = part.raw("params");
  for (const [name, value] of Object.entries(isObject(fixed) ? fixed : {})) {
    if (typeof value !== "number" && typeof value !== "boolean")
      throw unsupported(`[params.${name}] of a script, which is no number`);
    constants[name] = value;
  }
  const evaluate = parseExpression(source, { ...mathFunctions, ...more });
  return (numbers, values) => {
    const scope: Scope = { params: { ...constants, ...numbers }, ...(values === undefined ? {} : { values }) };
    return evaluate(scope);
  };
}
