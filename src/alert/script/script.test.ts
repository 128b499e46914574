import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Json } from "../../events/document.ts";
import { isFault } from "../../lib/fault.ts";
import type { WatchContext } from "../context.ts";
import { compileScript } from "./script.ts";
import type { ScriptError } from "./script-fault.ts";

const payload: Json = {
  slot: 32,
  rate: 0.5,
  balance: "35000000000000000",
  name: "Lighthouse/v5",
  none: null,
  isLate: true,
  node: { name: "a", peers: 3 },
  votes: [
    { node: "a", delayMs: 4000 },
    { node: "b", delayMs: 4100.5 },
    { node: "a", delayMs: 12000 },
  ],
  numbers: [3, 1, 2, 3],
  empty: [],
};

function context(of: Json = payload): WatchContext {
  const at = "2026-11-28T10:00:00.000Z";
  return {
    watch_id: "w",
    id: "w_1",
    execution_time: at,
    trigger: { triggered_time: at, scheduled_time: at },
    metadata: { threshold: 4000 },
    vars: { last: [{ slot: 30 }, { slot: 32 }] },
    payload: of,
  };
}

const run = (source: string) => compileScript({ source, params: { limit: 4050, list: [1] } }).value(context());

function errorOf(source: string): ScriptError {
  try {
    run(source);
  } catch (error) {
    if (isFault(error)) return error.details["error"] as ScriptError;
    throw error;
  }
  throw new Error(`[${source}] was no error`);
}

describe("a script", () => {
  test.each<[string, Json]>([
    ["return ctx.payload.slot > 31;", true],
    ["ctx.payload.slot >= 33 || ctx.payload.node.peers < 4", true],
    ["ctx.payload.absent == null", true],
    ["ctx.payload?.absent?.deeper == null", true],
    ["ctx['payload']['node'].name", "a"],
    ["ctx.payload.votes[0].node == 'a'", true],
    ["ctx.payload.votes[-1].delayMs", 12000],
    ["ctx.payload.votes.1.node", "b"],
    ["ctx.payload.votes.length", 3],
    ["ctx.metadata.threshold + params.limit", 8050],
    ["ctx.vars.last[1].slot - ctx.vars.last[0].slot", 2],
    ["7 / 2", 3],
    ["-7 / 2", -3],
    ["-7 % 3", -1],
    ["7 / 2.0", 3.5],
    ["7.0 / 2", 3.5],
    ["(double) 7 / 2", 3.5],
    ["(int) 3.9", 3],
    ["100.0 * ctx.payload.node.peers / 4", 75],
    ["1 + 2 * 3 - 4 / 2", 5],
    ["(1 + 2) * 3", 9],
    ["-ctx.payload.slot + 2", -30],
    ["1.0 / 0 > 5", true],
    ["1 == 1.0", true],
    ["'1' == 1", false],
    ["[1, ['a': 2]] == [1, ['a': 2.0]]", true],
    ["ctx.payload.node == ['name': 'a', 'peers': 3]", true],
    ["ctx.payload.isLate ? 'late' : 'early'", "late"],
    ["ctx.payload.none ?: 'nothing'", "nothing"],
    ["!ctx.payload.isLate && ctx.payload.none.deeper", false],
    ["'slot ' + ctx.payload.slot + ' is ' + 5.0 + ' and ' + null", "slot 32 is 5.0 and null"],
    ["'' + [1, 'a'] + ['k': true]", "[1, a]{k=true}"],
    ["ctx.payload.name.toLowerCase().startsWith('light') && ctx.payload.name.contains('v5')", true],
    ["ctx.payload.name.length() + ctx.payload.votes.size() + ctx.payload.node.size()", 18],
    ["ctx.payload.empty.isEmpty() && !ctx.payload.name.isEmpty()", true],
    ["ctx.payload.node.containsKey('name') && !ctx.payload.node.containsKey('toString')", true],
    ["ctx.payload.node.keySet().contains('peers')", true],
    ["ctx.payload.votes.get(1).node", "b"],
    ["ctx.payload.node.getOrDefault('absent', 9)", 9],
    ["ctx.payload.numbers.subList(1, 3)", [1, 2]],
    ["ctx.payload.name.substring(0, 5)", "Light"],
    ["Math.max(3, Math.abs(-4)) + Math.min(1, 2)", 5],
    ["Math.round(2.5) + Math.floor(1.7)", 4],
    ["Long.parseLong('12') * 2", 24],
    ["Double.parseDouble(ctx.payload.balance) > 3.4e16", true],
    ["ctx.payload.votes.stream().filter(v -> v.delayMs > params.limit).count()", 2],
    ["ctx.payload.votes.stream().mapToDouble(v -> v.delayMs).max().orElse(0)", 12000],
    ["ctx.payload.votes.stream().mapToDouble(v -> v.delayMs).average().getAsDouble() > 6700", true],
    ["ctx.payload.empty.stream().mapToLong(v -> v).average().orElse(-1)", -1],
    ["ctx.payload.numbers.stream().mapToLong(n -> n).sum() / 2", 4],
    ["ctx.payload.numbers.stream().mapToDouble(n -> n).sum() / 2", 4.5],
    ["ctx.payload.numbers.stream().distinct().skip(1).limit(1).collect(Collectors.toList())", [1]],
    ["ctx.payload.votes.stream().map(v -> v.node).collect(Collectors.toSet()).size()", 2],
    ["ctx.payload.votes.stream().anyMatch(v -> v.node == 'b')", true],
    ["ctx.payload.votes.stream().allMatch((v) -> v.delayMs > 1)", true],
    ["ctx.payload.votes.stream().noneMatch(v -> v.node == 'c')", true],
    ["ctx.payload.votes.stream().filter(v -> v.node == 'b').findFirst().get().delayMs", 4100.5],
    ["ctx.payload.votes.stream().filter(v -> v.node == 'z').findFirst().orElse(null) == null", true],
    // An element that the stream never comes to is not looked at.
    ["[1, 'a'].stream().map(x -> x - 1).limit(1).collect(Collectors.toList())", [0]],
    [
      "ctx.payload.numbers.stream().map(n -> ctx.payload.numbers.stream().filter(m -> m < n).count()).collect(Collectors.toList())",
      [2, 0, 1, 2],
    ],
    [
      "['nodes': ctx.payload.votes.stream().map(v -> ['name': v.node, 'late': v.delayMs - 4000]).collect(Collectors.toList())]",
      {
        nodes: [
          { name: "a", late: 0 },
          { name: "b", late: 100.5 },
          { name: "a", late: 8000 },
        ],
      },
    ],
    ["[:]", {}],
    ["/* a comment */ 1 // and another", 1],
    ["'it\\'s \\\\'", "it's \\"],
    ["9007199254740991 + 1 > 9007199254740991", true],
  ])("%s gives %j", (source, expected) => {
    expect(run(source)).toEqual(expected);
  });

  test.each([
    [
      "ctx.payload.absent.deeper",
      "null_pointer_exception",
      "cannot access method/field [deeper] from a null def reference",
    ],
    [
      "ctx.payload.none.size()",
      "null_pointer_exception",
      "cannot access method/field [size] from a null def reference",
    ],
    ["ctx.payload?.absent.deeper", "null_pointer_exception", "[deeper]"],
    ["ctx.payload.absent > 1", "null_pointer_exception", "[>]"],
    ["ctx.payload.name > 1", "class_cast_exception", "[java.lang.String] and [java.lang.Integer]"],
    ["ctx.payload.slot && true", "class_cast_exception", "Cannot cast java.lang.Integer to boolean"],
    ["ctx.payload.votes[3]", "index_out_of_bounds_exception", "Index 3 out of bounds for length 3"],
    ["ctx.payload.slot.deeper", "illegal_argument_exception", "dynamic getter [java.lang.Integer, deeper] not found"],
    ["ctx.payload.slot.size()", "illegal_argument_exception", "dynamic method [java.lang.Integer, size/0] not found"],
    ["ctx.payload.numbers.stream().sum()", "illegal_argument_exception", "sum/0"],
    ["1 / 0", "arithmetic_exception", "/ by zero"],
    ["Long.parseLong('x')", "number_format_exception", 'For input string: "x"'],
    ["ctx.payload.empty.stream().findFirst().get()", "no_such_element_exception", "No value present"],
    ["1.0 / 0", "illegal_argument_exception", "[Infinity] cannot be told in JSON"],
    ["ctx.payload.numbers.stream()", "illegal_argument_exception", "java.util.stream.Stream"],
    [
      "[ctx.payload.numbers.stream()].stream().map(s -> s.count() + s.count()).findFirst()",
      "illegal_state_exception",
      "already",
    ],
  ])("%s fails as Painless fails", (source, type, reason) => {
    const error = errorOf(source);
    expect(error).toMatchObject({
      type: "script_exception",
      reason: "runtime error",
      lang: "painless",
      script: source,
    });
    expect(error.caused_by.type).toBe(type);
    expect(error.caused_by.reason).toContain(reason);
  });

  test.each([
    ["def x = 1; return x", "[def] is not in the part"],
    ["if (true) { return 1 }", "[if] is not in the part"],
    ["for (v in ctx.payload.votes) {}", "[for] is not in the part"],
    ["ctx.vars.x = 1", "[=] is not in the part"],
    ["1; 2", "unexpected token ['2']"],
    ["new ArrayList()", "[new] is not in the part"],
    ["ctx.payload.name =~ /x/", "[=~] is not in the part"],
    ["ctx.payload instanceof Map", "[instanceof] is not in the part"],
    ["System.exit(1)", "cannot resolve symbol [System]"],
    ["Math.random()", "[Math.random] is not in the part"],
    ["ctx.payload.getClass()", "method [getClass] is not in the part"],
    ["ctx.payload.votes.add(1)", "method [add] is not in the part"],
    ["ctx.payload.votes.stream().map(v -> w)", "cannot resolve symbol [w]"],
    ["ctx.payload.votes.stream().map(Long::valueOf)", "cannot resolve symbol [Long]"],
    ["ctx.payload.votes.stream().filter(1)", "method [filter] is not supported with these 1 arguments"],
    ["ctx.payload.votes.size(x -> x)", "method [size] is not supported with these 1 arguments"],
    ["ctx.payload.votes.stream().map(ctx -> ctx)", "variable [ctx] is already defined"],
    ["doc['x'].value", "cannot resolve symbol [doc]"],
    ["1 +", "unexpected end of script"],
    ["", "unexpected end of script"],
    ["(1", "unexpected end of script"],
    ["'a\\n'", "unexpected character [']"],
    ["#", "unexpected character [#]"],
    ["1.5L", "invalid number [1.5L]"],
    [`${"(".repeat(60)}1${")".repeat(60)}`, "nested more than 50 deep"],
    [`1${" + 1".repeat(1200)}`, "more than 2000 words and signs"],
  ])("%s is refused where it is put", (source, reason) => {
    const error = errorOf(source);
    expect(error).toMatchObject({ type: "script_exception", reason: "compile error", script: source });
    expect(error.caused_by.reason).toContain(reason);
  });

  test("points at the place with an arrow", () => {
    expect(errorOf("ctx.payload.slot > 1 && ctx.payload.absent.deeper > 1").script_stack).toEqual([
      "...  1 && ctx.payload.absent.deeper > 1",
      `${" ".repeat(29)}^---- HERE`,
    ]);
  });

  test("as a condition gives true or false alone", () => {
    const met = (source: string) => compileScript({ source, params: {} }).met(context());
    expect([met("1 < 2"), met("1 > 2")]).toEqual([true, false]);
    expect(() => met("1")).toThrow("Cannot cast java.lang.Integer to boolean");
  });

  test("that would take too long is stopped", () => {
    const list = `[${Array.from({ length: 40 }, (_, index) => index).join(",")}].stream()`;
    const nested = ["a", "b", "c", "d", "e"].reduceRight(
      (inner, name) => `${list}.mapToLong(${name} -> ${inner}).sum()`,
      "1",
    );
    expect(errorOf(nested).caused_by.reason).toContain("more than 250000 steps");
    const doubled = `['ab'].stream()${".map(x -> x + x)".repeat(60)}.map(x -> x.length()).findFirst().get()`;
    expect(errorOf(doubled).caused_by.reason).toContain("more than 250000 steps");
  });

  test("sees no member that JavaScript gives to objects, lists and texts", () => {
    const names = [Object.prototype, Array.prototype, String.prototype].flatMap((one) =>
      Object.getOwnPropertyNames(one),
    );
    for (const name of names.filter((one) => /^\w+$/.test(one) && one !== "length")) {
      expect(run(`ctx.payload.node.${name}`)).toBe(null);
      expect(run(`ctx.${name}`)).toBe(null);
      expect(errorOf(`ctx.payload.numbers['${name}']`).reason).toBe("runtime error");
      expect(errorOf(`ctx.payload.name['${name}']`).reason).toBe("runtime error");
    }
    const hostile = JSON.parse('{"__proto__": {"polluted": 1}}') as Json;
    const script = compileScript({ source: "['__proto__': ctx.payload.__proto__.polluted]", params: {} });
    expect(JSON.stringify(script.value(context(hostile)))).toBe('{"__proto__":1}');
  });
});

const { expression } = fc.letrec<{ expression: string; leaf: string }>((tie) => ({
  leaf: fc.oneof(
    fc.constantFrom(
      "ctx.payload",
      "ctx.payload.a",
      "ctx.payload.b[0]",
      "ctx?.vars?.x",
      "params",
      "x",
      "null",
      "true",
      "2.0",
    ),
    fc.integer({ min: -9, max: 9 }).map(String),
    fc.constantFrom("''", "'a'", "[:]", "[]", "ctx.payload.a.b.c", "ctx.execution_time"),
  ),
  expression: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    tie("leaf"),
    fc
      .tuple(
        tie("expression"),
        fc.constantFrom("+", "-", "*", "/", "%", "<", "==", "!=", "&&", "||", "?:"),
        tie("expression"),
      )
      .map((parts) => `(${parts.join(" ")})`),
    fc.tuple(tie("expression"), tie("expression"), tie("expression")).map(([a, b, c]) => `(${a} ? ${b} : ${c})`),
    fc
      .tuple(
        tie("expression"),
        fc.constantFrom("size", "isEmpty", "stream", "count", "sum", "max", "keySet", "toString", "length"),
      )
      .map(([a, name]) => `${a}.${name}()`),
    fc
      .tuple(tie("expression"), fc.constantFrom("filter", "map", "anyMatch", "mapToLong"), tie("expression"))
      .map(([a, name, b]) => `${a}.stream().${name}(x -> ${b})`),
    fc.tuple(tie("expression"), tie("expression")).map(([a, b]) => `${a}[${b}]`),
    fc.array(tie("expression"), { maxLength: 3 }).map((items) => `[${items.join(", ")}]`),
    tie("expression").map((a) => `['k': ${a}]`),
    tie("expression").map((a) => `!${a}`),
    tie("expression").map((a) => `-${a}`),
  ),
}));

/** What it comes to: a value, or one of the two faults. */
function outcome(source: string, of: Json): string {
  try {
    const value = compileScript({ source, params: {} }).value(context(of));
    return typeof JSON.stringify(value) === "string" ? "value" : "no JSON";
  } catch (error) {
    return isFault(error) ? error.code : `threw ${String(error)}`;
  }
}

describe("any text as a script", () => {
  const told = ["value", "script_invalid", "script_failed"];

  test("that is an expression gives JSON or fails with a fault of its own", () => {
    fc.assert(
      fc.property(expression, fc.jsonValue({ maxDepth: 3 }), (source, value) => {
        expect(told).toContain(outcome(source, { a: value, b: [value] } as Json));
      }),
      { numRuns: 500 },
    );
  });

  test("is refused or gives JSON", () => {
    const words = fc.constantFrom(
      "ctx",
      ".",
      "payload",
      "(",
      ")",
      "[",
      "]",
      "->",
      "x",
      "'",
      "1",
      "+",
      "?",
      ":",
      "stream",
      "==",
      ",",
      " ",
      "{",
      ";",
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(words, { maxLength: 30 }).map((all) => all.join("")),
        ),
        (source) => {
          expect(told).toContain(outcome(source, payload));
        },
      ),
      { numRuns: 1000 },
    );
  });
});
