import { illegalArgument } from "../../events/refusal.ts";

/** A request's query parameters; each throws Elasticsearch's 400 for a value that it cannot be. */
export type Parameters = {
  text(name: string): string | undefined;
  /** Empty is true, as in `?pretty`. */
  flag(name: string): boolean | undefined;
  integer(name: string): number | undefined;
  /** Of 64 bits with Elasticsearch; here up to 2^53. */
  long(name: string): number | undefined;
  list(name: string): readonly string[] | undefined;
  /** Throws when there is one of another name. */
  allow(names: ReadonlySet<string>, path: string): void;
};

/** What every operation takes. */
export const COMMON_PARAMETERS: readonly string[] = ["pretty", "human", "error_trace", "format", "filter_path"];

/** Of several of one name the last one counts. */
export function readParameters(query: string): Parameters {
  const values = new Map(new URLSearchParams(query));
  const whole = (name: string, type: "int" | "long", fits: (digits: number, value: number) => boolean) => {
    const value = values.get(name);
    if (value === undefined) return undefined;
    const digits = /^[+-]?(\d+)$/.exec(value)?.[1]?.length;
    if (digits !== undefined && fits(digits, Number(value))) return Number(value);
    throw illegalArgument(`Failed to parse ${type} parameter [${name}] with value [${value}]`, {
      type: "number_format_exception",
      reason: `For input string: "${value}"`,
    });
  };
  return {
    text: (name) => values.get(name),
    flag(name) {
      const value = values.get(name);
      if (value === undefined) return undefined;
      if (value === "" || value === "true") return true;
      if (value === "false") return false;
      throw illegalArgument(`Failed to parse value [${value}] as only [true] or [false] are allowed.`);
    },
    integer: (name) => whole(name, "int", (digits) => digits <= 10),
    long: (name) => whole(name, "long", (_, value) => Number.isSafeInteger(value)),
    list: (name) =>
      values
        .get(name)
        ?.split(",")
        .map((part) => part.trim())
        .filter((part) => part !== ""),
    allow(names, path) {
      const unknown = [...values.keys()].filter((name) => !names.has(name)).sort();
      if (unknown.length === 0) return;
      const words = unknown.length === 1 ? "parameter" : "parameters";
      const list = unknown.map((name) => `[${name}]`).join(", ");
      throw illegalArgument(`request [${path}] contains unrecognized ${words}: ${list}`);
    },
  };
}
