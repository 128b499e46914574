import { textOf } from "./operations.ts";
import { fail, type Place } from "./scope.ts";
import { className, collector, double, isWhole, numberOf, type Value } from "./values.ts";

export type Static = { arity: number; call(args: readonly Value[], place: Place): Value };

function ofNumbers(
  arity: number,
  calculate: (...numbers: readonly number[]) => number,
  makes: "same" | "double" | "long",
): Static {
  return {
    arity,
    call(args, place) {
      const result = calculate(
        ...args.map((arg) => {
          const number = numberOf(arg);
          if (number !== undefined) return number;
          if (arg === null) throw fail(place, "null_pointer_exception", "cannot cast a null def reference to a number");
          throw fail(place, "class_cast_exception", `Cannot cast ${className(arg)} to double`);
        }),
      );
      const whole = makes === "long" || (makes === "same" && args.every(isWhole));
      return whole ? result + 0 : double(result);
    },
  };
}

function parsed(name: string, shape: RegExp, make: (value: number) => Value): Static {
  return {
    arity: 1,
    call([text = null], place) {
      if (typeof text !== "string")
        throw fail(place, text === null ? "null_pointer_exception" : "class_cast_exception", `${name} reads texts`);
      const value = Number(text);
      if (shape.test(text) && Number.isFinite(value)) return make(value);
      throw fail(place, "number_format_exception", `For input string: "${text.slice(0, 100)}"`);
    },
  };
}

const WHOLE = /^[+-]?\d{1,20}$/;
/** Beyond 2^53 a number is a double: JavaScript has no other. */
const whole = (value: number): Value => (Number.isSafeInteger(value) ? value : double(value));

/** What a script may call of Java's classes, by `Class.method`. */
export const statics: ReadonlyMap<string, Static> = new Map(
  Object.entries<Static>({
    "Math.abs": ofNumbers(1, Math.abs, "same"),
    "Math.min": ofNumbers(2, Math.min, "same"),
    "Math.max": ofNumbers(2, Math.max, "same"),
    "Math.floor": ofNumbers(1, Math.floor, "double"),
    "Math.ceil": ofNumbers(1, Math.ceil, "double"),
    "Math.sqrt": ofNumbers(1, Math.sqrt, "double"),
    "Math.pow": ofNumbers(2, (base = 0, exponent = 0) => base ** exponent, "double"),
    "Math.round": ofNumbers(1, (value = 0) => Math.floor(value + 0.5), "long"),
    "Integer.parseInt": parsed("parseInt", WHOLE, whole),
    "Long.parseLong": parsed("parseLong", WHOLE, whole),
    "Double.parseDouble": parsed("parseDouble", /^[+-]?\d+(?:\.\d*)?(?:[eE][+-]?\d+)?$/, double),
    "String.valueOf": { arity: 1, call: ([value = null], place) => textOf(value, place) },
    "Collectors.toList": { arity: 0, call: () => collector("list") },
    "Collectors.toSet": { arity: 0, call: () => collector("set") },
  }),
);

/** Java's classes that a script may name. */
export const CLASSES: ReadonlySet<string> = new Set([...statics.keys()].map((name) => name.replace(/\..*/, "")));
