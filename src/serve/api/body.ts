import type { z } from "zod";
import { Fault } from "../../lib/fault.ts";

const MOST_WORDS = 400;

/** Reads a body by its schema; throws `body_invalid`, which names the part that is wrong. */
export function parseBody(schema: z.ZodType, raw: unknown): unknown {
  const parsed = schema.safeParse(raw);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const place = issue?.path.map(String).join(".");
  const words = issue?.message.replace(/\.$/, "") ?? "it does not fit";
  throw bodyFault(place === undefined || place === "" ? words : `${place}: ${words}`);
}

export function bodyFault(why: string): Fault {
  return new Fault("body_invalid", `The body cannot be taken: ${why.slice(0, MOST_WORDS)}.`);
}
