import { type Call, type Method, noMethod } from "./method.ts";
import { equal } from "./operations.ts";
import { fail, MAX_STEPS, type Place, spend } from "./scope.ts";
import {
  className,
  double,
  isKind,
  isWhole,
  numberOf,
  optional,
  type Stream,
  type StreamOf,
  stream,
  type Value,
} from "./values.ts";

export function streamOf(items: readonly Value[]): Stream {
  return stream("object", items.values());
}

/** Its elements, each a step; a stream is read once. */
function itemsOf(call: Call, kinds: readonly StreamOf[] = ["object", "long", "double"]) {
  const { target, place } = call;
  if (!isKind(target, "stream") || !kinds.includes(target.of)) throw noMethod(call);
  if (target.state.used)
    throw fail(place, { type: "illegal_state_exception", reason: "stream has already been operated upon or closed" });
  target.state.used = true;
  return { of: target.of, items: counted(target.items, place) };
}

function counted(items: Iterator<Value, undefined>, place: Place): IteratorObject<Value, undefined> {
  return Iterator.from(items).map((item) => {
    spend(place);
    return item;
  });
}

function truth(value: Value, place: Place): boolean {
  if (typeof value === "boolean") return value;
  throw fail(place, { type: "class_cast_exception", reason: `Cannot cast ${className(value)} to boolean` });
}

/** How many to skip or to take. */
function count({ args: [given = null], place }: Call): number {
  const value = numberOf(given);
  if (value === undefined || !isWhole(value))
    throw fail(place, { type: "class_cast_exception", reason: `Cannot cast ${className(given)} to long` });
  if (value < 0) throw fail(place, { type: "illegal_argument_exception", reason: String(value) });
  return Math.min(value, MAX_STEPS);
}

/** Takes each value once. */
function firstOfItsKind(place: Place): (item: Value) => boolean {
  const texts = new Set<string>();
  const others: Value[] = [];
  return (item) => {
    const known = numberOf(item) ?? item;
    if (known === null || typeof known !== "object") {
      const before = texts.size;
      texts.add(`${typeof known} ${known}`);
      return texts.size > before;
    }
    if (others.some((other) => equal([item, other], place))) return false;
    others.push(item);
    return true;
  };
}

function mapTo(of: "long" | "double"): Method {
  return {
    arity: [],
    lambda: true,
    words: `of a stream: one of ${of === "long" ? "whole numbers" : "doubles"}`,
    call(call) {
      const { items } = itemsOf(call);
      return stream(
        of,
        items.map((item) => {
          const made = call.lambda(item);
          const number = numberOf(made);
          if (number !== undefined && (of === "double" || isWhole(made)))
            return of === "double" ? double(number) : made;
          throw fail(call.place, { type: "class_cast_exception", reason: `Cannot cast ${className(made)} to ${of}` });
        }),
      );
    },
  };
}

/** The least or the greatest of a stream of numbers. */
function extreme(best: (a: number, b: number) => number): Method["call"] {
  return (call) => {
    const { of, items } = itemsOf(call, ["long", "double"]);
    let found: number | undefined;
    for (const item of items) {
      const number = numberOf(item) ?? 0;
      found = found === undefined ? number : best(found, number);
    }
    return optional(of, found === undefined ? undefined : of === "double" ? double(found) : found);
  };
}

/** Each as its number: what `mapToDouble` and `mapToLong` made is nothing else. */
const numbersOf = (call: Call) => {
  const { of, items } = itemsOf(call, ["long", "double"]);
  return { of, numbers: items.map((item) => numberOf(item) ?? 0) };
};

export const streamMethods: Readonly<Record<string, Method>> = {
  filter: {
    arity: [],
    lambda: true,
    words: "of a stream",
    call(call) {
      const { of, items } = itemsOf(call);
      return stream(
        of,
        items.filter((item) => truth(call.lambda(item), call.place)),
      );
    },
  },
  map: {
    arity: [],
    lambda: true,
    words: "of a stream",
    call(call) {
      const { items } = itemsOf(call, ["object"]);
      return stream(
        "object",
        items.map((item) => call.lambda(item)),
      );
    },
  },
  mapToDouble: mapTo("double"),
  mapToLong: mapTo("long"),
  mapToInt: mapTo("long"),
  distinct: {
    arity: [0],
    words: "of a stream",
    call(call) {
      const { of, items } = itemsOf(call);
      return stream(of, items.filter(firstOfItsKind(call.place)));
    },
  },
  skip: {
    arity: [1],
    words: "of a stream",
    call(call) {
      const { of, items } = itemsOf(call);
      return stream(of, items.drop(count(call)));
    },
  },
  limit: {
    arity: [1],
    words: "of a stream",
    call(call) {
      const { of, items } = itemsOf(call);
      return stream(of, items.take(count(call)));
    },
  },
  count: {
    arity: [0],
    words: "of a stream",
    call: (call) => itemsOf(call).items.reduce((sum: number) => sum + 1, 0),
  },
  sum: {
    arity: [0],
    words: "of a stream of numbers",
    call(call) {
      const { of, numbers } = numbersOf(call);
      const sum = numbers.reduce((total, number) => total + number, 0);
      return of === "double" || !Number.isSafeInteger(sum) ? double(sum) : sum;
    },
  },
  average: {
    arity: [0],
    words: "of a stream of numbers",
    call(call) {
      const all = numbersOf(call).numbers.toArray();
      const sum = all.reduce((total, number) => total + number, 0);
      return optional("double", all.length === 0 ? undefined : double(sum / all.length));
    },
  },
  min: { arity: [0], words: "of a stream of numbers", call: extreme(Math.min) },
  max: { arity: [0], words: "of a stream of numbers", call: extreme(Math.max) },
  anyMatch: {
    arity: [],
    lambda: true,
    words: "of a stream",
    call: (call) => itemsOf(call).items.some((item) => truth(call.lambda(item), call.place)),
  },
  allMatch: {
    arity: [],
    lambda: true,
    words: "of a stream",
    call: (call) => itemsOf(call).items.every((item) => truth(call.lambda(item), call.place)),
  },
  noneMatch: {
    arity: [],
    lambda: true,
    words: "of a stream",
    call: (call) => !itemsOf(call).items.some((item) => truth(call.lambda(item), call.place)),
  },
  findFirst: {
    arity: [0],
    words: "of a stream",
    call(call) {
      const { of, items } = itemsOf(call);
      const { value } = items.next();
      if (value === null)
        throw fail(call.place, { type: "null_pointer_exception", reason: "the first element is null" });
      return optional(of, value);
    },
  },
  collect: {
    arity: [1],
    words: "of a stream, with Collectors.toList() or Collectors.toSet()",
    call(call) {
      const [into = null] = call.args;
      const { items } = itemsOf(call, ["object"]);
      if (!isKind(into, "collector"))
        throw fail(call.place, {
          type: "class_cast_exception",
          reason: `Cannot cast ${className(into)} to java.util.stream.Collector`,
        });
      return into.into === "list" ? items.toArray() : items.filter(firstOfItsKind(call.place)).toArray();
    },
  },
};
