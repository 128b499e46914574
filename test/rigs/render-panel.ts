import { parse, View, Warn } from "vega";
import { expressionInterpreter } from "vega-interpreter";
import { compile, type TopLevelSpec } from "vega-lite";

export type Rendered = { svg: string; warnings: readonly string[] };

/**
 * Compiles a Vega-Lite specification and renders it to SVG as the pages do, by Vega's interpreter of expressions and
 * without `eval`; with what either warned of.
 */
export async function renderPanel(spec: object): Promise<Rendered> {
  const warnings: string[] = [];
  const logger = collecting(warnings);
  const { spec: compiled } = compile(spec as TopLevelSpec, { logger });
  const runtime = parse(compiled, undefined, { ast: true });
  const view = new View(runtime, { renderer: "none", expr: expressionInterpreter, logger, logLevel: Warn });
  try {
    return { svg: await view.toSVG(), warnings };
  } finally {
    view.finalize();
  }
}

/** A logger of Vega that keeps what it is warned of. */
export function collecting(warnings: string[]) {
  const take = (...words: readonly unknown[]) => {
    warnings.push(words.map(String).join(" "));
    return logger;
  };
  const pass = () => logger;
  const level = (_level?: number) => logger;
  const logger = { level, error: take, warn: take, info: pass, debug: pass } as never;
  return logger;
}
