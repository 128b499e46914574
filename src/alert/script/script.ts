import type { Json } from "../../events/document.ts";
import type { JsonObject } from "../../events/foreign.ts";
import type { WatchContext } from "../context.ts";
import { jsonOf } from "./operations.ts";
import { compileExpression } from "./parse.ts";
import { fail, MAX_STEPS, type Scope } from "./scope.ts";
import { className } from "./values.ts";

export type Script = {
  /** What the expression gives, as JSON. Throws `script_failed`, with Elasticsearch's `error` in its details. */
  value(ctx: WatchContext): Json;
  /** The same for a condition: anything but true and false fails. */
  met(ctx: WatchContext): boolean;
};

/** Compiles a script of a watch; docs/watch-scripts.md has its grammar. Throws `script_invalid`. */
export function compileScript({ source, params }: { source: string; params: JsonObject }): Script {
  const evaluate = compileExpression(source);
  const scopeOf = (ctx: WatchContext): Scope => ({
    source,
    ctx,
    params,
    locals: [],
    budget: { left: MAX_STEPS },
  });
  return {
    value(ctx) {
      const scope = scopeOf(ctx);
      return jsonOf(evaluate(scope), { scope, at: 0 });
    },
    met(ctx) {
      const scope = scopeOf(ctx);
      const result = evaluate(scope);
      if (typeof result === "boolean") return result;
      throw fail(
        { scope, at: 0 },
        { type: "class_cast_exception", reason: `Cannot cast ${className(result)} to boolean` },
      );
    },
  };
}
