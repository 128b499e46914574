import type { Method } from "./method.ts";
import { type Arithmetic, calculated, memberAt } from "./operations.ts";
import { type Evaluate, fail, type Scope, spend } from "./scope.ts";
import { className, double, isWhole, numberOf, type Value } from "./values.ts";

/** An argument of a call: a value, or a lambda of one argument. */
export type Argument =
  | { kind: "value"; evaluate: Evaluate }
  | { kind: "lambda"; call(scope: Scope, item: Value): Value };

export type CastType = "double" | "long" | "int";

/** A value that must be true or false. */
export function truth(evaluate: Evaluate, at: number): (scope: Scope) => boolean {
  return (scope) => {
    const value = evaluate(scope);
    if (typeof value === "boolean") return value;
    const place = { scope, at };
    if (value === null)
      throw fail(place, { type: "null_pointer_exception", reason: "cannot cast a null def reference to boolean" });
    throw fail(place, { type: "class_cast_exception", reason: `Cannot cast ${className(value)} to boolean` });
  };
}

export function calculation(operator: Arithmetic, [left, right]: readonly [Evaluate, Evaluate], at: number): Evaluate {
  return (scope) => calculated({ operator, sides: [left(scope), right(scope)] }, { scope, at });
}

/** `-x`, `+x` */
export function signed(operator: "-" | "+", inner: Evaluate, at: number): Evaluate {
  return (scope) => {
    const value = inner(scope);
    const sides = operator === "-" ? ([0, value] as const) : ([value, 0] as const);
    return calculated({ operator: "-", sides }, { scope, at });
  };
}

export function cast(type: CastType, inner: Evaluate, at: number): Evaluate {
  return (scope) => {
    const value = inner(scope);
    const number = numberOf(value);
    if (number === undefined)
      throw fail({ scope, at }, { type: "class_cast_exception", reason: `Cannot cast ${className(value)} to ${type}` });
    if (type === "double") return double(number);
    // As Java cuts it; what is no number is 0.
    const cut = Math.trunc(number) + 0;
    return isWhole(cut) ? cut : 0;
  };
}

export type Member = { on: Evaluate; key: Evaluate; at: number; nullSafe: boolean };

export function member({ on, key, at, nullSafe }: Member): Evaluate {
  return (scope) => {
    const target = on(scope);
    return target === null && nullSafe ? null : memberAt({ target, key: key(scope) }, { scope, at });
  };
}

export type MethodCall = { on: Evaluate; name: string; at: number; nullSafe: boolean };

export function methodCall(
  { on, name, at, nullSafe }: MethodCall,
  { method, given }: { method: Method; given: readonly Argument[] },
): Evaluate {
  const values = given.flatMap((arg) => (arg.kind === "value" ? [arg.evaluate] : []));
  const [lambda] = given.flatMap((arg) => (arg.kind === "lambda" ? [arg] : []));
  return (scope) => {
    const place = { scope, at };
    const target = on(scope);
    if (target === null) {
      if (nullSafe) return null;
      const reason = `cannot access method/field [${name}] from a null def reference`;
      throw fail(place, { type: "null_pointer_exception", reason });
    }
    spend(place);
    const args = values.map((value) => value(scope));
    return method.call({ name, target, args, place, lambda: (item) => lambda?.call(scope, item) ?? null });
  };
}

/** Whether a method may be called with these. */
export function takes(method: Method, given: readonly Argument[]): boolean {
  const lambdas = given.filter(({ kind }) => kind === "lambda").length;
  if (method.lambda === true) return given.length === 1 && lambdas === 1;
  return lambdas === 0 && method.arity.includes(given.length);
}

export function list(items: readonly Evaluate[], at: number): Evaluate {
  return (scope) => {
    spend({ scope, at }, items.length);
    return items.map((item) => item(scope));
  };
}

export function map(members: readonly (readonly [string, Evaluate])[], at: number): Evaluate {
  return (scope) => {
    spend({ scope, at }, members.length);
    return Object.fromEntries(members.map(([key, value]) => [key, value(scope)]));
  };
}
