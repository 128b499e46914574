import { createCursor, wordsOfName } from "./cursor.ts";
import { methods } from "./methods.ts";
import {
  type Argument,
  calculation,
  cast,
  list,
  type MethodCall,
  map,
  member,
  methodCall,
  signed,
  takes,
  truth,
} from "./nodes.ts";
import { equal, type Order, ordered } from "./operations.ts";
import { type Evaluate, spend } from "./scope.ts";
import { scriptInvalid } from "./script-fault.ts";
import { CLASSES, statics } from "./statics.ts";
import { double } from "./values.ts";

const MAX_SOURCE = 16_384;
const MAX_DEPTH = 50;

type Make<Operator> = (operator: Operator, sides: readonly [Evaluate, Evaluate], at: number) => Evaluate;

/**
 * Compiles one expression of Painless, `return` before it and `;` behind it allowed. Throws `script_invalid` for anything
 * that docs/watch-scripts.md does not list, so that nothing is understood by half.
 */
export function compileExpression(source: string): Evaluate {
  if (source.length > MAX_SOURCE) throw scriptInvalid({ source, at: 0, reason: `more than ${MAX_SOURCE} characters` });
  const cursor = createCursor(source);
  const { here, sign, expect, isSign, refuse } = cursor;
  /** Names of the lambdas' arguments around, the outermost first. */
  const locals: string[] = [];
  let depth = 0;

  const deeper = (inner: () => Evaluate): Evaluate => {
    depth += 1;
    if (depth > MAX_DEPTH) throw refuse(`nested more than ${MAX_DEPTH} deep`);
    const made = inner();
    depth -= 1;
    return made;
  };
  const binary =
    <Operator extends string>(next: () => Evaluate, operators: readonly Operator[], make: Make<Operator>) =>
    (): Evaluate => {
      let left = next();
      for (;;) {
        const at = here();
        const operator = sign(...operators);
        if (operator === undefined) return left;
        left = make(operator, [left, next()], at);
      }
    };

  const expression = (): Evaluate =>
    deeper(() => {
      const first = either();
      const at = here();
      if (sign("?") !== undefined) {
        const yes = expression();
        expect(":");
        const no = expression();
        const test = truth(first, at);
        return (scope) => (test(scope) ? yes(scope) : no(scope));
      }
      if (sign("?:") === undefined) return first;
      const otherwise = expression();
      return (scope) => first(scope) ?? otherwise(scope);
    });
  const product = binary(unary, ["*", "/", "%"], calculation);
  const sum = binary(product, ["+", "-"], calculation);
  const relation = binary<Order>(sum, ["<=", ">=", "<", ">"], (operator, [left, right], at) => (scope) => {
    return ordered({ operator, sides: [left(scope), right(scope)] }, { scope, at });
  });
  const equality = binary(relation, ["===", "!==", "==", "!="], (operator, [left, right], at) => (scope) => {
    return equal([left(scope), right(scope)], { scope, at }) === operator.startsWith("=");
  });
  const both = binary(equality, ["&&"], (_, [left, right], at) => {
    const [a, b] = [truth(left, at), truth(right, at)];
    return (scope) => a(scope) && b(scope);
  });
  const either = binary(both, ["||"], (_, [left, right], at) => {
    const [a, b] = [truth(left, at), truth(right, at)];
    return (scope) => a(scope) || b(scope);
  });

  function unary(): Evaluate {
    const at = here();
    const operator = sign("!", "-", "+");
    if (operator === undefined) return casted();
    const inner = deeper(unary);
    if (operator !== "!") return signed(operator, inner, at);
    const test = truth(inner, at);
    return (scope) => !test(scope);
  }

  /** `(double)`, `(long)`, `(int)` before a value. */
  function casted(): Evaluate {
    const type = cursor.word(1);
    if (!isSign("(") || !isSign(")", 2) || (type !== "double" && type !== "long" && type !== "int")) return postfix();
    const at = here();
    cursor.skip(3);
    return cast(type, deeper(unary), at);
  }

  function postfix(): Evaluate {
    let on = primary();
    for (;;) {
      const at = here();
      const dot = sign(".", "?.");
      if (dot !== undefined) on = dotted(on, dot === "?.");
      else if (sign("[") !== undefined) {
        const key = expression();
        expect("]");
        on = member({ on, key, at, nullSafe: false });
      } else return on;
    }
  }

  function dotted(on: Evaluate, nullSafe: boolean): Evaluate {
    const at = here();
    const token = cursor.take();
    if (token?.kind === "number" && token.whole) return member({ on, key: () => token.value, at, nullSafe });
    if (token?.kind !== "name") throw cursor.unexpected(token);
    if (isSign("(")) return call({ on, name: token.text, at, nullSafe });
    return member({ on, key: () => token.text, at, nullSafe });
  }

  function call(asked: MethodCall): Evaluate {
    const { name, at } = asked;
    const method = methods.get(name);
    if (method === undefined) throw refuse(`method [${name}] is not in the part of Painless that watches may use`, at);
    const given = args();
    if (!takes(method, given))
      throw refuse(`method [${name}] is not supported with these ${given.length} arguments`, at);
    return methodCall(asked, { method, given });
  }

  function args(): Argument[] {
    expect("(");
    const all: Argument[] = [];
    while (sign(")") === undefined) {
      if (all.length > 0) expect(",");
      all.push(argument());
    }
    return all;
  }

  function argument(): Argument {
    const wrapped = isSign("(");
    const name = cursor.word(wrapped ? 1 : 0);
    const isLambda = name !== undefined && (wrapped ? isSign(")", 2) && isSign("->", 3) : isSign("->", 1));
    if (!isLambda) return { kind: "value", evaluate: expression() };
    if (locals.includes(name) || name === "ctx" || name === "params")
      throw refuse(`variable [${name}] is already defined`);
    cursor.skip(wrapped ? 4 : 2);
    locals.push(name);
    const body = expression();
    locals.pop();
    return { kind: "lambda", call: (scope, item) => body({ ...scope, locals: [...scope.locals, item] }) };
  }

  function primary(): Evaluate {
    const token = cursor.take();
    if (token === undefined) throw cursor.unexpected(token);
    if (token.kind === "text") return () => token.value;
    if (token.kind === "number") return () => (token.whole ? token.value : double(token.value));
    if (token.kind === "name") return named(token.text, token.at);
    if (token.text === "(") {
      const inner = expression();
      expect(")");
      return inner;
    }
    if (token.text === "[") return isSign(":") || cursor.isTextBefore(":") ? mapLiteral() : listLiteral();
    throw cursor.unexpected(token);
  }

  function named(name: string, at: number): Evaluate {
    if (name === "true" || name === "false") return () => name === "true";
    if (name === "null") return () => null;
    const local = locals.indexOf(name);
    if (local >= 0) return ({ locals: values }) => values[local] ?? null;
    if (name === "ctx") return ({ ctx }) => ctx;
    if (name === "params") return ({ params }) => params;
    if (CLASSES.has(name) && sign(".") !== undefined) return staticCall(`${name}.${cursor.word() ?? ""}`, at);
    throw refuse(wordsOfName(name), at);
  }

  function staticCall(name: string, at: number): Evaluate {
    const found = statics.get(name);
    if (found === undefined) throw refuse(`[${name}] is not in the part of Painless that watches may use`, at);
    cursor.skip(1);
    const values = args().flatMap((arg) => (arg.kind === "value" ? [arg.evaluate] : []));
    if (values.length !== found.arity) throw refuse(`[${name}] takes ${found.arity} values`, at);
    return (scope) => {
      const place = { scope, at };
      spend(place);
      const given = values.map((value) => value(scope));
      return found.call(given, place);
    };
  }

  function listLiteral(): Evaluate {
    const at = here();
    const items: Evaluate[] = [];
    while (sign("]") === undefined) {
      if (items.length > 0) expect(",");
      items.push(expression());
    }
    return list(items, at);
  }

  function mapLiteral(): Evaluate {
    const at = here();
    const members: (readonly [string, Evaluate])[] = [];
    // `[:]` is the empty one.
    if (isSign(":") && isSign("]", 1)) cursor.skip(1);
    while (sign("]") === undefined) {
      if (members.length > 0) expect(",");
      const token = cursor.take();
      if (token?.kind !== "text") throw cursor.unexpected(token);
      expect(":");
      members.push([token.value, expression()]);
    }
    return map(members, at);
  }

  if (cursor.word() === "return") cursor.skip(1);
  const whole = expression();
  sign(";");
  cursor.end();
  return whole;
}
