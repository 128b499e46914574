import { invalid, unsupported } from "../../search-fault.ts";

/** What an expression may use: numbers by name (`params.name`), and functions by their whole names. */
export type Scope = {
  params: Readonly<Record<string, number | boolean | undefined>>;
  values?: readonly number[];
};

export type ExpressionValue = number | boolean | null | readonly number[];
type Evaluate = (scope: Scope) => ExpressionValue;
/** `whole` expressions are of integers written as such: Painless divides them without a rest. */
type Node = { evaluate: Evaluate; whole: boolean };

/** A function of an expression and the number of its arguments. */
export type ExpressionFunction = { arity: number; call(...values: ExpressionValue[]): ExpressionValue };
export type ExpressionFunctions = Readonly<Record<string, ExpressionFunction>>;

const unary = (call: (value: number) => number): ExpressionFunction => ({
  arity: 1,
  call: (value) => call(Number(value)),
});
const binary = (call: (a: number, b: number) => number): ExpressionFunction => {
  return { arity: 2, call: (a, b) => call(Number(a), Number(b)) };
};

export const mathFunctions: ExpressionFunctions = {
  "Math.abs": unary(Math.abs),
  "Math.ceil": unary(Math.ceil),
  "Math.floor": unary(Math.floor),
  "Math.round": unary(Math.round),
  "Math.rint": unary((value) => (Math.abs(value % 1) === 0.5 ? 2 * Math.round(value / 2) : Math.round(value))),
  "Math.sqrt": unary(Math.sqrt),
  "Math.cbrt": unary(Math.cbrt),
  "Math.exp": unary(Math.exp),
  "Math.log": unary(Math.log),
  "Math.log10": unary(Math.log10),
  "Math.signum": unary(Math.sign),
  "Math.sin": unary(Math.sin),
  "Math.cos": unary(Math.cos),
  "Math.tan": unary(Math.tan),
  "Math.max": binary(Math.max),
  "Math.min": binary(Math.min),
  "Math.pow": binary(Math.pow),
  "Math.hypot": binary(Math.hypot),
  "Double.isNaN": { arity: 1, call: (value) => Number.isNaN(value) },
  "Double.isInfinite": { arity: 1, call: (value) => Math.abs(Number(value)) === Number.POSITIVE_INFINITY },
};

const CONSTANTS: Readonly<Record<string, number>> = {
  "Math.PI": Math.PI,
  "Math.E": Math.E,
  "Double.NaN": Number.NaN,
  "Double.POSITIVE_INFINITY": Number.POSITIVE_INFINITY,
  "Double.NEGATIVE_INFINITY": Number.NEGATIVE_INFINITY,
};

const TOKEN =
  /\s*(?:(\d+(?:\.\d*)?(?:[eE][+-]?\d+)?|\.\d+)[dDfFlL]?|([A-Za-z_][\w.]*)|(==|!=|<=|>=|&&|\|\||[-+*/%<>!?:(),]))/y;

/** Operators by how strongly they bind, weakest first. */
const LEVELS: readonly (readonly string[])[] = [
  ["||"],
  ["&&"],
  ["==", "!="],
  ["<", "<=", ">", ">="],
  ["+", "-"],
  ["*", "/", "%"],
];
const MAX_LENGTH = 2000;
const MAX_DEPTH = 50;

/**
 * Reads an expression of the part of Painless that is arithmetic: numbers, `params.x`, comparisons, `&&`, `||`, `!`,
 * `a ? b : c` and the given functions. Anything else is refused. What is evaluated is what was read here, never code.
 */
export function parseExpression(source: string, functions: ExpressionFunctions): Evaluate {
  if (source.length > MAX_LENGTH) throw unsupported(`a script longer than ${MAX_LENGTH} characters`);
  const text = source
    .trim()
    .replace(/^return\s/, "")
    .replace(/;\s*$/, "");
  const tokens = tokenize(text, source);
  let at = 0;
  const fail = (): Error => unsupported(`[${tokens[at] ?? "the end"}] in the script [${source}]`);
  const take = (token: string): boolean => {
    if (tokens[at] !== token) return false;
    at += 1;
    return true;
  };
  const expect = (token: string): void => {
    if (!take(token)) throw fail();
  };

  const conditional = (depth: number): Node => {
    if (depth > MAX_DEPTH) throw unsupported("a script nested this deep");
    const test = operation(0, depth);
    if (!take("?")) return test;
    const yes = conditional(depth + 1);
    expect(":");
    const no = conditional(depth + 1);
    return {
      whole: yes.whole && no.whole,
      evaluate: (scope) => (test.evaluate(scope) === true ? yes : no).evaluate(scope),
    };
  };
  const operation = (level: number, depth: number): Node => {
    const operators = LEVELS[level];
    if (operators === undefined) return prefixed(depth);
    let left = operation(level + 1, depth);
    while (operators.includes(tokens[at] ?? "")) {
      const operator = tokens[at++] ?? "";
      left = combined(operator, left, operation(level + 1, depth));
    }
    return left;
  };
  const prefixed = (depth: number): Node => {
    if (depth > MAX_DEPTH) throw unsupported("a script nested this deep");
    if (take("-")) {
      const { whole, evaluate } = prefixed(depth + 1);
      return { whole, evaluate: (scope) => -numberOf(evaluate(scope)) };
    }
    if (take("+")) return prefixed(depth + 1);
    if (take("!")) {
      const { evaluate } = prefixed(depth + 1);
      return { whole: false, evaluate: (scope) => evaluate(scope) !== true };
    }
    if (take("(")) {
      const inner = conditional(depth + 1);
      expect(")");
      return inner;
    }
    return primary(depth);
  };
  const primary = (depth: number): Node => {
    const token = tokens[at++];
    if (token === undefined) throw fail();
    if (/^[\d.]/.test(token)) {
      const number = Number(token);
      return { whole: /^\d+$/.test(token), evaluate: () => number };
    }
    if (token === "true" || token === "false") return constant(token === "true");
    if (token === "null") return constant(null);
    if (Object.hasOwn(CONSTANTS, token)) return constant(CONSTANTS[token] ?? Number.NaN);
    if (token === "values") return { whole: false, evaluate: ({ values = [] }) => values };
    const parameter = /^params\.(\w+)$/.exec(token)?.[1];
    if (parameter !== undefined) {
      return {
        whole: false,
        evaluate: ({ params }) => (Object.hasOwn(params, parameter) ? (params[parameter] ?? null) : null),
      };
    }
    const known = Object.hasOwn(functions, token) ? functions[token] : undefined;
    if (known === undefined || !take("(")) {
      at -= 1;
      throw fail();
    }
    const given: Node[] = [];
    while (given.length < known.arity) {
      if (given.length > 0) expect(",");
      given.push(conditional(depth + 1));
    }
    expect(")");
    return { whole: false, evaluate: (scope) => known.call(...given.map(({ evaluate }) => evaluate(scope))) };
  };

  const { evaluate } = conditional(0);
  if (at < tokens.length) throw fail();
  return evaluate;
}

/** Painless ends with an error where it finds no number. */
function numberOf(value: ExpressionValue): number {
  if (typeof value === "number") return value;
  throw invalid("runtime error: a script computes with what is no number", "script_exception");
}

function constant(value: number | boolean | null): Node {
  return { whole: false, evaluate: () => value };
}

function combined(operator: string, left: Node, right: Node): Node {
  const whole = left.whole && right.whole;
  const numbers = (compute: (a: number, b: number) => number | boolean): Node => ({
    whole: whole && !"<>=!".includes(operator.charAt(0)),
    evaluate: (scope) => compute(numberOf(left.evaluate(scope)), numberOf(right.evaluate(scope))),
  });
  switch (operator) {
    case "+":
      return numbers((a, b) => a + b);
    case "-":
      return numbers((a, b) => a - b);
    case "*":
      return numbers((a, b) => a * b);
    case "/":
      return numbers((a, b) => (whole ? Math.trunc(a / b) : a / b));
    case "%":
      return numbers((a, b) => a % b);
    case "<":
      return numbers((a, b) => a < b);
    case "<=":
      return numbers((a, b) => a <= b);
    case ">":
      return numbers((a, b) => a > b);
    case ">=":
      return numbers((a, b) => a >= b);
    case "==":
      return { whole: false, evaluate: (scope) => left.evaluate(scope) === right.evaluate(scope) };
    case "!=":
      return { whole: false, evaluate: (scope) => left.evaluate(scope) !== right.evaluate(scope) };
    case "&&":
      return { whole: false, evaluate: (scope) => left.evaluate(scope) === true && right.evaluate(scope) === true };
    default:
      return { whole: false, evaluate: (scope) => left.evaluate(scope) === true || right.evaluate(scope) === true };
  }
}

function tokenize(text: string, source: string): string[] {
  const tokens: string[] = [];
  let at = 0;
  while (at < text.length) {
    TOKEN.lastIndex = at;
    const found = TOKEN.exec(text);
    if (found === null) throw unsupported(`[${text.slice(at, at + 20).trim()}] in the script [${source}]`);
    at = TOKEN.lastIndex;
    tokens.push(found[1] ?? found[2] ?? found[3] ?? "");
  }
  if (tokens.length === 0) throw invalid("[script] must not be empty", "illegal_argument_exception");
  return tokens;
}
