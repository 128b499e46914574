import { type Call, type Method, noMethod } from "./method.ts";
import { equal, memberAt, textOf } from "./operations.ts";
import { fail, spend } from "./scope.ts";
import { streamMethods, streamOf } from "./stream-methods.ts";
import { className, isKind, isList, isMap, isWhole, memberOf, numberOf, type Value } from "./values.ts";

const TEXT_STEP = 64;

/** A method of texts whose arguments are texts. */
const ofText =
  (method: (text: string, ...args: readonly string[]) => Value): Method["call"] =>
  (call) => {
    const { target, args, place } = call;
    if (typeof target !== "string") throw noMethod(call);
    spend(place, Math.ceil(target.length / TEXT_STEP));
    return method(
      target,
      ...args.map((arg) => {
        if (typeof arg === "string") return arg;
        throw fail(place, {
          type: "class_cast_exception",
          reason: `Cannot cast ${className(arg)} to java.lang.String`,
        });
      }),
    );
  };

/** A method of lists, else one of maps, else one of texts. */
const ofAny =
  (methods: { list?: Method["call"]; map?: Method["call"]; text?: Method["call"] }): Method["call"] =>
  (call) => {
    const method = isList(call.target) ? methods.list : isMap(call.target) ? methods.map : methods.text;
    if (method === undefined) throw noMethod(call);
    return method(call);
  };

const sizeOf = ({ target }: Call): number =>
  isList(target) ? target.length : isMap(target) ? Object.keys(target).length : 0;

const indexIn = ({ target, args: [sought = null], place }: Call): number =>
  isList(target) ? target.findIndex((item) => equal([item, sought], place)) : -1;

const isEmptyText = ofText((text) => text === "");
const indexInText = ofText((text, part = "") => text.indexOf(part));
const containsText = ofText((text, part = "") => text.includes(part));

function index(call: Call, which: number): number {
  const value = numberOf(call.args[which] ?? null);
  if (value !== undefined && isWhole(value)) return value;
  throw fail(call.place, {
    type: "class_cast_exception",
    reason: `Cannot cast ${className(call.args[which] ?? null)} to int`,
  });
}

/** The part of a list or a text between two indices. */
function part(call: Call, length: number): readonly [number, number] {
  const from = index(call, 0);
  const to = call.args.length > 1 ? index(call, 1) : length;
  if (from < 0 || to > length || from > to)
    throw fail(call.place, {
      type: "index_out_of_bounds_exception",
      reason: `begin ${from}, end ${to}, length ${length}`,
    });
  return [from, to];
}

const own: Readonly<Record<string, Method>> = {
  size: { arity: [0], words: "of a list or a map", call: ofAny({ list: sizeOf, map: sizeOf }) },
  isEmpty: {
    arity: [0],
    words: "of a list, a map or a text",
    call: ofAny({ list: (call) => sizeOf(call) === 0, map: (call) => sizeOf(call) === 0, text: isEmptyText }),
  },
  get: {
    arity: [0, 1],
    words: "of a list by index, of a map by key; without an argument of what findFirst found",
    call(call) {
      const { target, args, place } = call;
      if (args.length === 0) return presentValue(call);
      if (isList(target)) return memberAt({ target, key: index(call, 0) }, place);
      if (isMap(target)) return memberAt({ target, key: args[0] ?? null }, place);
      throw noMethod(call);
    },
  },
  getOrDefault: {
    arity: [2],
    words: "of a map",
    call: ofAny({
      map: ({ target, args: [key = null, otherwise = null] }) =>
        isMap(target) && typeof key === "string" && Object.hasOwn(target, key) ? memberOf(target, key) : otherwise,
    }),
  },
  containsKey: {
    arity: [1],
    words: "of a map",
    call: ofAny({
      map: ({ target, args: [key = null] }) => isMap(target) && typeof key === "string" && Object.hasOwn(target, key),
    }),
  },
  keySet: {
    arity: [0],
    words: "of a map, as a list",
    call: ofAny({ map: ({ target }) => (isMap(target) ? Object.keys(target) : []) }),
  },
  values: {
    arity: [0],
    words: "of a map, as a list",
    call: ofAny({ map: ({ target }) => (isMap(target) ? Object.values(target) : []) }),
  },
  contains: {
    arity: [1],
    words: "of a list or a text",
    call: ofAny({ list: (call) => indexIn(call) >= 0, text: containsText }),
  },
  indexOf: { arity: [1], words: "of a list or a text", call: ofAny({ list: indexIn, text: indexInText }) },
  subList: {
    arity: [2],
    words: "of a list: from the first index up to the second",
    call: ofAny({ list: (call) => (isList(call.target) ? call.target.slice(...part(call, call.target.length)) : []) }),
  },
  substring: {
    arity: [1, 2],
    words: "of a text",
    call(call) {
      if (typeof call.target !== "string") throw noMethod(call);
      return call.target.slice(...part(call, call.target.length));
    },
  },
  length: { arity: [0], words: "of a text", call: ofText((text) => text.length) },
  startsWith: { arity: [1], words: "of a text", call: ofText((text, start = "") => text.startsWith(start)) },
  endsWith: { arity: [1], words: "of a text", call: ofText((text, end = "") => text.endsWith(end)) },
  toLowerCase: { arity: [0], words: "of a text", call: ofText((text) => text.toLowerCase()) },
  toUpperCase: { arity: [0], words: "of a text", call: ofText((text) => text.toUpperCase()) },
  trim: { arity: [0], words: "of a text", call: ofText((text) => text.trim()) },
  equalsIgnoreCase: {
    arity: [1],
    words: "of a text",
    call: ofText((text, other = "") => text.toLowerCase() === other.toLowerCase()),
  },
  equals: {
    arity: [1],
    words: "of anything but null",
    call: ({ target, args: [other = null], place }) => equal([target, other], place),
  },
  toString: {
    arity: [0],
    words: "of anything but null",
    call: ({ target, place }: Call) => textOf(target, place),
  },
  stream: {
    arity: [0],
    words: "of a list",
    call: (call) => {
      if (!isList(call.target)) throw noMethod(call);
      return streamOf(call.target);
    },
  },
  orElse: {
    arity: [1],
    words: "of what findFirst, average, min or max found",
    call(call) {
      if (!isKind(call.target, "optional")) throw noMethod(call);
      return call.target.value ?? call.args[0] ?? null;
    },
  },
  isPresent: {
    arity: [0],
    words: "of what findFirst, average, min or max found",
    call(call) {
      if (!isKind(call.target, "optional")) throw noMethod(call);
      return call.target.value !== undefined;
    },
  },
  getAsDouble: { arity: [0], words: "of an average, or of min and max of doubles", call: presentValue },
  getAsLong: { arity: [0], words: "of min and max of whole numbers", call: presentValue },
};

function presentValue(call: Call): Value {
  if (!isKind(call.target, "optional")) throw noMethod(call);
  const { value } = call.target;
  if (value === undefined) throw fail(call.place, { type: "no_such_element_exception", reason: "No value present" });
  return value;
}

/** The methods that a script may call, as Java has them. */
export const methods: ReadonlyMap<string, Method> = new Map(Object.entries({ ...own, ...streamMethods }));
