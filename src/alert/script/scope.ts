import type { JsonObject } from "../../events/foreign.ts";
import { type JavaError, scriptFailed } from "./script-fault.ts";
import type { Value, ValueMap } from "./values.ts";

/** What a running script sees, and what it may still do. */
export type Scope = {
  source: string;
  ctx: ValueMap;
  params: JsonObject;
  /** Arguments of the lambdas around, the outermost first. */
  locals: readonly Value[];
  budget: { left: number };
};

export type Evaluate = (scope: Scope) => Value;

/** Where in the script, for what goes wrong there. */
export type Place = { scope: Scope; at: number };

/** Steps that one run may take: members, calls, elements, and every 64 characters of a text that is read or made. */
export const MAX_STEPS = 250_000;
/** How deep values may be nested in what is compared or handed out. */
export const MAX_NESTING = 200;

export function spend({ scope, at }: Place, steps = 1): void {
  scope.budget.left -= steps;
  if (scope.budget.left < 0)
    throw fail({ scope, at }, { type: "painless_error", reason: `the script took more than ${MAX_STEPS} steps` });
}

/** What is thrown where the script cannot go on. */
export function fail({ scope, at }: Place, { type, reason }: JavaError) {
  return scriptFailed({ source: scope.source, at }, { type, reason });
}
