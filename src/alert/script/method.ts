import { fail, type Place } from "./scope.ts";
import { className, type Value } from "./values.ts";

/** What a method is called with: values, or one lambda. */
export type Call = {
  name: string;
  target: Value;
  args: readonly Value[];
  /** Of a method that takes one. */
  lambda(item: Value): Value;
  place: Place;
};

export type Method = {
  /** How many values it may be called with; none for one that takes a lambda. */
  arity: readonly number[];
  /** It takes one lambda instead. */
  lambda?: boolean;
  /** What it is a method of, for the documentation. */
  words: string;
  call(call: Call): Value;
};

/** What Java says of a method that the value's class does not have. */
export function noMethod({ name, target, args, place }: Call) {
  return fail(place, {
    type: "illegal_argument_exception",
    reason: `dynamic method [${className(target)}, ${name}/${args.length}] not found`,
  });
}
