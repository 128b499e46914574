import { z } from "zod";
import { Fault } from "../../lib/fault.ts";
import { MAX_UNIX_MS } from "./iso-time.ts";

/** A parameter that is a number: HTTP brings text, the schema describes the number. */
function numberParameter(input: { number: z.ZodNumber; from: number; to: number; allowed: string; words: string }) {
  const { number, from, to, allowed, words } = input;
  const error = () => allowed;
  return z.preprocess(numberOfText, number.min(from, { error }).max(to, { error })).describe(words);
}

function numberOfText(value: unknown): unknown {
  return typeof value === "string" && /^-?\d{1,16}(\.\d{1,9})?$/.test(value) ? Number(value) : value;
}

const wholeNumber = (input: { from: number; to: number; allowed: string; words: string }) =>
  numberParameter({ ...input, number: z.int({ error: () => input.allowed }) });

const MAX_LIMIT = 1000;
const DEFAULT_LIMIT = 64;

const limit = wholeNumber({
  from: 1,
  to: MAX_LIMIT,
  allowed: `a whole number from 1 to ${MAX_LIMIT}`,
  words: "How many to answer at most.",
}).default(DEFAULT_LIMIT);

/** `limit` and an exclusive `before` that is a slot or an epoch. */
export const pageQuery = (what: "slot" | "epoch") =>
  z.strictObject({
    limit,
    before: wholeNumber({
      from: 0,
      to: Number.MAX_SAFE_INTEGER,
      allowed: "a whole number from 0 on",
      words: `Only what has a smaller ${what}; \`next_before\` of the page before.`,
    }).optional(),
  });

const timeAllowed = "a time in Unix milliseconds";

/** `limit` and an exclusive `before` that is a moment. */
export const timePageQuery = z.strictObject({
  limit,
  before: numberParameter({
    number: z.number({ error: () => timeAllowed }),
    from: 0,
    to: MAX_UNIX_MS,
    allowed: timeAllowed,
    words: "Only what began earlier, Unix milliseconds; `next_before` of the page before.",
  }).optional(),
});

const moment = (words: string) =>
  numberParameter({
    number: z.number({ error: () => timeAllowed }),
    from: 0,
    to: MAX_UNIX_MS,
    allowed: timeAllowed,
    words,
  }).optional();

/** A span of time. */
export const spanQuery = z.strictObject({
  from: moment("Only epochs that end later, Unix milliseconds."),
  to: moment("Only epochs that begin earlier, Unix milliseconds."),
});

/** A span of time for the figures of hosts. */
export const hostSpanQuery = z.strictObject({
  from: moment("Since when, Unix milliseconds; without it an hour before `to`."),
  to: moment("Until when, Unix milliseconds; without it now."),
});

const epochs = wholeNumber({
  from: 1,
  to: 10_000,
  allowed: "a whole number from 1 to 10000",
  words: "Over how many epochs, the running one counted; 225 are a day of mainnet.",
}).default(225);

export const epochsQuery = z.strictObject({ epochs });

/** Beside the span, one page of faults by slot. */
export const groupQuery = pageQuery("slot").extend({ epochs });

export const groupPath = z.strictObject({ group: z.string().describe("The group's name.") });

export const noQuery = z.strictObject({});

/** Negative slots are numbers too: their answer is that there is none, not that this cannot be read. */
export const slotPath = z.strictObject({
  slot: wholeNumber({
    from: -Number.MAX_SAFE_INTEGER,
    to: Number.MAX_SAFE_INTEGER,
    allowed: "a whole number",
    words: "The slot.",
  }),
});

/** Where a reader of the live stream stopped, for those that cannot set the header `Last-Event-ID`. */
export const streamQuery = z.strictObject({
  last_event_id: z
    .string({ error: () => "the id of an event" })
    .describe("The same, for readers that cannot set the header, which goes first.")
    .exactOptional(),
});

export const nodePath = z.strictObject({ name: z.string().describe("The node's name.") });

/** Reads parameters by their schema; throws `parameter_invalid`, which names the parameter and what is allowed. */
export function parseParameters<S extends z.ZodObject>(input: {
  schema: S;
  raw: unknown;
  kind: "query" | "path";
}): z.output<S> {
  const { schema, raw, kind } = input;
  const parsed = schema.safeParse(raw);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  if (issue?.code === "unrecognized_keys") {
    const known = Object.keys(schema.shape);
    throw invalid(
      `There is no ${kind} parameter ${quoted(issue.keys[0])} here: ` +
        (known.length === 0 ? "this route takes none." : `allowed are ${known.join(" and ")}.`),
    );
  }
  const name = issue?.path[0];
  const value = (raw as Readonly<Record<PropertyKey, unknown>>)[name ?? ""];
  throw invalid(`The ${kind} parameter ${quoted(name)} must be ${issue?.message}, not ${quoted(value)}.`);
}

function invalid(message: string): Fault {
  return new Fault("parameter_invalid", message);
}

/** The client's own words, cut short. */
function quoted(value: unknown): string {
  const text = JSON.stringify(value) ?? "nothing";
  return text.length > 80 ? `${text.slice(0, 80)}...` : text;
}
