import { methods } from "./methods.ts";
import { type Arithmetic, calculated, equal, memberAt, type Order, ordered } from "./operations.ts";
import { type Evaluate, fail, type Scope, spend } from "./scope.ts";
import { scriptInvalid } from "./script-fault.ts";
import { CLASSES, statics } from "./statics.ts";
import { scriptTokens, type Token } from "./tokens.ts";
import { className, double, isWhole, numberOf, type Value } from "./values.ts";

const MAX_SOURCE = 16_384;
const MAX_DEPTH = 50;

/** An argument of a call: a value, or a lambda of one argument. */
type Argument = { kind: "value"; evaluate: Evaluate } | { kind: "lambda"; call(scope: Scope, item: Value): Value };

/**
 * Compiles one expression of Painless, `return` before it and `;` behind it allowed. Throws `script_invalid` for anything
 * that docs/watches.md does not list, so that nothing is understood by half.
 */
export function compileExpression(source: string): Evaluate {
  if (source.length > MAX_SOURCE) throw scriptInvalid(source, 0, `more than ${MAX_SOURCE} characters`);
  const tokens = scriptTokens(source);
  /** Names of the lambdas' arguments around, the outermost first. */
  const locals: string[] = [];
  let at = 0;
  let depth = 0;

  const here = () => tokens[at]?.at ?? source.length;
  const refuse = (reason: string, where = here()) => scriptInvalid(source, where, reason);
  const unexpected = (token: Token | undefined) => {
    if (token === undefined) return refuse("unexpected end of script");
    const text = wordsOf(token);
    return refuse(STATEMENTS.has(text) ? notInPart(text) : `unexpected token ['${text}']`, token.at);
  };
  const isSign = (text: string, ahead = 0) => {
    const token = tokens[at + ahead];
    return token?.kind === "sign" && token.text === text;
  };
  const sign = <Text extends string>(...texts: readonly Text[]): Text | undefined => {
    const found = texts.find((text) => isSign(text));
    if (found !== undefined) at += 1;
    return found;
  };
  const expect = (text: string) => {
    if (sign(text) === undefined) throw unexpected(tokens[at]);
  };
  const word = (ahead = 0): string | undefined => {
    const token = tokens[at + ahead];
    return token?.kind === "name" ? token.text : undefined;
  };
  const deeper = (inner: () => Evaluate): Evaluate => {
    depth += 1;
    if (depth > MAX_DEPTH) throw refuse(`nested more than ${MAX_DEPTH} deep`);
    const made = inner();
    depth -= 1;
    return made;
  };

  const binary =
    <Operator extends string>(
      next: () => Evaluate,
      operators: readonly Operator[],
      make: (operator: Operator, sides: readonly [Evaluate, Evaluate], where: number) => Evaluate,
    ) =>
    (): Evaluate => {
      let left = next();
      for (;;) {
        const where = here();
        const operator = sign(...operators);
        if (operator === undefined) return left;
        left = make(operator, [left, next()], where);
      }
    };

  const expression = (): Evaluate =>
    deeper(() => {
      const first = either();
      const where = here();
      if (sign("?") !== undefined) {
        const yes = expression();
        expect(":");
        const no = expression();
        const test = truth(first, where);
        return (scope) => (test(scope) ? yes(scope) : no(scope));
      }
      if (sign("?:") === undefined) return first;
      const otherwise = expression();
      return (scope) => first(scope) ?? otherwise(scope);
    });
  const product = binary(unary, ["*", "/", "%"], calculation);
  const sum = binary(product, ["+", "-"], calculation);
  const relation = binary<Order>(sum, ["<=", ">=", "<", ">"], (operator, [left, right], where) => (scope) => {
    return ordered(operator, [left(scope), right(scope)], { scope, at: where });
  });
  const equality = binary(relation, ["===", "!==", "==", "!="], (operator, [left, right], where) => (scope) => {
    return equal(left(scope), right(scope), { scope, at: where }) === operator.startsWith("=");
  });
  const both = binary(equality, ["&&"], (_, [left, right], where) => {
    const [a, b] = [truth(left, where), truth(right, where)];
    return (scope) => a(scope) && b(scope);
  });
  const either = binary(both, ["||"], (_, [left, right], where) => {
    const [a, b] = [truth(left, where), truth(right, where)];
    return (scope) => a(scope) || b(scope);
  });

  function unary(): Evaluate {
    const where = here();
    const operator = sign("!", "-", "+");
    if (operator === undefined) return cast();
    const inner = deeper(unary);
    if (operator === "!") {
      const test = truth(inner, where);
      return (scope) => !test(scope);
    }
    return (scope) => {
      const value = inner(scope);
      return calculated("-", operator === "-" ? [0, value] : [value, 0], { scope, at: where });
    };
  }

  /** `(double)`, `(long)`, `(int)` before a value. */
  function cast(): Evaluate {
    const type = word(1);
    if (!isSign("(") || !isSign(")", 2) || (type !== "double" && type !== "long" && type !== "int")) return postfix();
    const where = here();
    at += 3;
    const inner = deeper(unary);
    return (scope) => {
      const value = inner(scope);
      const number = numberOf(value);
      if (number === undefined)
        throw fail({ scope, at: where }, "class_cast_exception", `Cannot cast ${className(value)} to ${type}`);
      return type === "double" ? double(number) : wholePart(number);
    };
  }

  function postfix(): Evaluate {
    let on = primary();
    for (;;) {
      const where = here();
      const dot = sign(".", "?.");
      if (dot !== undefined) on = dotted(on, dot === "?.");
      else if (sign("[") !== undefined) {
        const key = expression();
        expect("]");
        on = member({ on, key, where, nullSafe: false });
      } else return on;
    }
  }

  function dotted(on: Evaluate, nullSafe: boolean): Evaluate {
    const token = tokens[at];
    const where = here();
    at += 1;
    if (token?.kind === "number" && token.whole) return member({ on, key: () => token.value, where, nullSafe });
    if (token?.kind !== "name") throw unexpected(token);
    if (isSign("(")) return call({ on, name: token.text, where, nullSafe });
    return member({ on, key: () => token.text, where, nullSafe });
  }

  function call({
    on,
    name,
    where,
    nullSafe,
  }: {
    on: Evaluate;
    name: string;
    where: number;
    nullSafe: boolean;
  }): Evaluate {
    const method = methods.get(name);
    if (method === undefined)
      throw refuse(`method [${name}] is not in the part of Painless that watches may use`, where);
    const given = args();
    const values = given.flatMap((arg) => (arg.kind === "value" ? [arg.evaluate] : []));
    const [lambda] = given.flatMap((arg) => (arg.kind === "lambda" ? [arg] : []));
    const takes =
      method.lambda === true
        ? given.length === 1 && lambda !== undefined
        : lambda === undefined && method.arity.includes(values.length);
    if (!takes) throw refuse(`method [${name}] is not supported with these ${given.length} arguments`, where);
    return (scope) => {
      const place = { scope, at: where };
      const target = on(scope);
      if (target === null) {
        if (nullSafe) return null;
        throw fail(place, "null_pointer_exception", `cannot access method/field [${name}] from a null def reference`);
      }
      spend(place);
      const args = values.map((value) => value(scope));
      return method.call({ name, target, args, place, lambda: (item) => lambda?.call(scope, item) ?? null });
    };
  }

  function args(): Argument[] {
    expect("(");
    const list: Argument[] = [];
    while (sign(")") === undefined) {
      if (list.length > 0) expect(",");
      list.push(argument());
    }
    return list;
  }

  function argument(): Argument {
    const wrapped = isSign("(");
    const name = word(wrapped ? 1 : 0);
    const isLambda = name !== undefined && (wrapped ? isSign(")", 2) && isSign("->", 3) : isSign("->", 1));
    if (!isLambda) return { kind: "value", evaluate: expression() };
    if (locals.includes(name) || name === "ctx" || name === "params")
      throw refuse(`variable [${name}] is already defined`);
    at += wrapped ? 4 : 2;
    locals.push(name);
    const body = expression();
    locals.pop();
    return { kind: "lambda", call: (scope, item) => body({ ...scope, locals: [...scope.locals, item] }) };
  }

  function primary(): Evaluate {
    const token = tokens[at];
    at += 1;
    if (token === undefined) throw unexpected(token);
    if (token.kind === "text") return () => token.value;
    if (token.kind === "number") return () => (token.whole ? token.value : double(token.value));
    if (token.kind === "name") return named(token.text, token.at);
    if (token.text === "(") {
      const inner = expression();
      expect(")");
      return inner;
    }
    if (token.text === "[") return isSign(":") || isMapNext() ? map() : list();
    throw unexpected(token);
  }

  function named(name: string, where: number): Evaluate {
    if (name === "true" || name === "false") return () => name === "true";
    if (name === "null") return () => null;
    const local = locals.indexOf(name);
    if (local >= 0) return ({ locals: values }) => values[local] ?? null;
    if (name === "ctx") return ({ ctx }) => ctx;
    if (name === "params") return ({ params }) => params;
    if (CLASSES.has(name) && sign(".") !== undefined) return staticCall(`${name}.${word() ?? ""}`, where);
    throw refuse(STATEMENTS.has(name) ? notInPart(name) : `cannot resolve symbol [${name}]`, where);
  }

  function staticCall(name: string, where: number): Evaluate {
    const found = statics.get(name);
    if (found === undefined) throw refuse(`[${name}] is not in the part of Painless that watches may use`, where);
    at += 1;
    const values = args().flatMap((arg) => (arg.kind === "value" ? [arg.evaluate] : []));
    if (values.length !== found.arity) throw refuse(`[${name}] takes ${found.arity} values`, where);
    return (scope) => {
      const place = { scope, at: where };
      spend(place);
      return found.call(
        values.map((value) => value(scope)),
        place,
      );
    };
  }

  /** Whether what stands behind `[` is a map's first key. */
  function isMapNext(): boolean {
    const token = tokens[at];
    return token?.kind === "text" && isSign(":", 1);
  }

  function list(): Evaluate {
    const where = here();
    const items: Evaluate[] = [];
    while (sign("]") === undefined) {
      if (items.length > 0) expect(",");
      items.push(expression());
    }
    return (scope) => {
      spend({ scope, at: where }, items.length);
      return items.map((item) => item(scope));
    };
  }

  function map(): Evaluate {
    const where = here();
    const members: (readonly [string, Evaluate])[] = [];
    // `[:]` is the empty one.
    if (isSign(":") && isSign("]", 1)) at += 1;
    while (sign("]") === undefined) {
      if (members.length > 0) expect(",");
      const token = tokens[at];
      if (token?.kind !== "text") throw unexpected(token);
      at += 1;
      expect(":");
      members.push([token.value, expression()]);
    }
    return (scope) => {
      spend({ scope, at: where }, members.length);
      return Object.fromEntries(members.map(([key, value]) => [key, value(scope)]));
    };
  }

  if (word() === "return") at += 1;
  const whole = expression();
  sign(";");
  if (at < tokens.length) throw unexpected(tokens[at]);
  return whole;
}

/** Words and signs of what is no expression, or of expressions that are left out. */
const STATEMENTS: ReadonlySet<string> = new Set(
  (
    "if else while do for in continue break return new try catch throw this instanceof def var int long double float " +
    "boolean String List Map = += -= *= /= %= ++ -- { } =~ ==~ :: ~ ^ & | ;"
  ).split(" "),
);

function notInPart(text: string): string {
  return `[${text}] is not in the part of Painless that watches may use: one expression, without statements`;
}

function truth(evaluate: Evaluate, at: number): (scope: Scope) => boolean {
  return (scope) => {
    const value = evaluate(scope);
    if (typeof value === "boolean") return value;
    const place = { scope, at };
    if (value === null) throw fail(place, "null_pointer_exception", "cannot cast a null def reference to boolean");
    throw fail(place, "class_cast_exception", `Cannot cast ${className(value)} to boolean`);
  };
}

function calculation(operator: Arithmetic, [left, right]: readonly [Evaluate, Evaluate], at: number): Evaluate {
  return (scope) => calculated(operator, [left(scope), right(scope)], { scope, at });
}

type Member = { on: Evaluate; key: Evaluate; where: number; nullSafe: boolean };

function member({ on, key, where, nullSafe }: Member): Evaluate {
  return (scope) => {
    const target = on(scope);
    return target === null && nullSafe ? null : memberAt(target, key(scope), { scope, at: where });
  };
}

/** A double as a whole number, as Java cuts it. */
function wholePart(number: number): Value {
  const cut = Math.trunc(number) + 0;
  return isWhole(cut) ? cut : 0;
}

function wordsOf(token: Token): string {
  return "text" in token ? token.text : String(token.value);
}
