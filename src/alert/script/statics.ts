import { textOf } from "./operations.ts";
import { fail, type Place } from "./scope.ts";
import { className, collector, double, isWhole, numberOf, type Value } from "./values.ts";

export type Static = {
  arity: number;
  /** What it gives, for the documentation. */
  words: string;
  call(args: readonly Value[], place: Place): Value;
};

type OfNumbers = {
  arity: number;
  /** `same`: whole where what it is called with is. */
  makes: "same" | "double" | "long";
  calculate(...numbers: readonly number[]): number;
};

function ofNumbers(words: string, { arity, makes, calculate }: OfNumbers): Static {
  return {
    arity,
    words,
    call(args, place) {
      const result = calculate(...args.map((arg) => numberIn(arg, place)));
      const isLong = makes === "long" || (makes === "same" && args.every(isWhole));
      return isLong ? result + 0 : double(result);
    },
  };
}

function numberIn(value: Value, place: Place): number {
  const number = numberOf(value);
  if (number !== undefined) return number;
  if (value === null)
    throw fail(place, { type: "null_pointer_exception", reason: "cannot cast a null def reference to a number" });
  throw fail(place, { type: "class_cast_exception", reason: `Cannot cast ${className(value)} to double` });
}

function parsed(words: string, { shape, make }: { shape: RegExp; make(value: number): Value }): Static {
  return {
    arity: 1,
    words,
    call([text = null], place) {
      if (typeof text !== "string") {
        const type = text === null ? "null_pointer_exception" : "class_cast_exception";
        throw fail(place, { type, reason: `Cannot cast ${className(text)} to java.lang.String` });
      }
      const value = Number(text);
      if (shape.test(text) && Number.isFinite(value)) return make(value);
      throw fail(place, { type: "number_format_exception", reason: `For input string: "${text.slice(0, 100)}"` });
    },
  };
}

const WHOLE = /^[+-]?\d{1,20}$/;
/** Beyond 2^53 a number is a double: JavaScript has no other. */
const whole = (value: number): Value => (Number.isSafeInteger(value) ? value : double(value));

/** What a script may call of Java's classes, by `Class.method`. */
export const statics: ReadonlyMap<string, Static> = new Map(
  Object.entries<Static>({
    "Math.abs": ofNumbers("size of a number", { arity: 1, makes: "same", calculate: Math.abs }),
    "Math.min": ofNumbers("the smaller of two", { arity: 2, makes: "same", calculate: Math.min }),
    "Math.max": ofNumbers("the greater of two", { arity: 2, makes: "same", calculate: Math.max }),
    "Math.floor": ofNumbers("rounded down", { arity: 1, makes: "double", calculate: Math.floor }),
    "Math.ceil": ofNumbers("rounded up", { arity: 1, makes: "double", calculate: Math.ceil }),
    "Math.round": ofNumbers("the nearest whole number", {
      arity: 1,
      makes: "long",
      calculate: (value = 0) => Math.floor(value + 0.5),
    }),
    "Math.sqrt": ofNumbers("square root", { arity: 1, makes: "double", calculate: Math.sqrt }),
    "Math.pow": ofNumbers("one to the power of the other", {
      arity: 2,
      makes: "double",
      calculate: (base = 0, exponent = 0) => base ** exponent,
    }),
    "Integer.parseInt": parsed("a text of digits as a number", { shape: WHOLE, make: whole }),
    "Long.parseLong": parsed("a text of digits as a number", { shape: WHOLE, make: whole }),
    "Double.parseDouble": parsed("a text as a double", {
      shape: /^[+-]?\d+(?:\.\d*)?(?:[eE][+-]?\d+)?$/,
      make: double,
    }),
    "String.valueOf": { arity: 1, words: "any value as a text", call: ([value = null], place) => textOf(value, place) },
    "Collectors.toList": { arity: 0, words: "for `collect`", call: () => collector("list") },
    "Collectors.toSet": {
      arity: 0,
      words: "for `collect`: each value once, as a list in the order of the stream",
      call: () => collector("set"),
    },
  }),
);

/** Java's classes that a script may name. */
export const CLASSES: ReadonlySet<string> = new Set([...statics.keys()].map((name) => name.replace(/\..*/, "")));
