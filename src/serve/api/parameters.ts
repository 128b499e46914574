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

/** How many of something a page has. */
export const limitParameter = (words: string) =>
  wholeNumber({ from: 1, to: MAX_LIMIT, allowed: `a whole number from 1 to ${MAX_LIMIT}`, words }).default(
    DEFAULT_LIMIT,
  );

const limit = limitParameter("How many to answer at most.");

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

/** A moment in Unix milliseconds, which may be left out. */
export const momentParameter = (words: string) =>
  numberParameter({
    number: z.number({ error: () => timeAllowed }),
    from: 0,
    to: MAX_UNIX_MS,
    allowed: timeAllowed,
    words,
  }).optional();

/** `limit` and an exclusive `before` that is a moment. */
export const timePageQuery = z.strictObject({
  limit,
  before: momentParameter("Only what began earlier, Unix milliseconds; `next_before` of the page before."),
});

/** A span of time. */
export const spanQuery = z.strictObject({
  from: momentParameter("Only epochs that end later, Unix milliseconds."),
  to: momentParameter("Only epochs that begin earlier, Unix milliseconds."),
});

/** A span of time for the figures of hosts. */
export const hostSpanQuery = z.strictObject({
  from: momentParameter("Since when, Unix milliseconds; without it an hour before `to`."),
  to: momentParameter("Until when, Unix milliseconds; without it now."),
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
export const noParams = z.strictObject({});

const OBJECT_ID = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;
const idAllowed = "lower-case words joined by '-', 120 characters at most";

/** A dashboard's, a panel's, a saved search's. */
export const objectPath = z.strictObject({
  id: z
    .string({ error: () => idAllowed })
    .max(120, { error: () => idAllowed })
    .regex(OBJECT_ID, { error: () => idAllowed })
    .describe("The id."),
});

const MOMENT = /^(?:now[-+/\w]{0,60}|\d{4}-\d{2}-\d{2}T[\d:.]{5,20}Z|\d{1,15})$/;
const momentAllowed = "`now-24h`, a moment in ISO 8601, or Unix milliseconds";
const momentText = (words: string) =>
  z
    .string({ error: () => momentAllowed })
    .regex(MOMENT, { error: () => momentAllowed })
    .describe(words)
    .exactOptional();

/** One value or several of them: `node=a&node=b`. */
const several = (words: string) =>
  z
    .preprocess(
      (value) => (value === undefined || Array.isArray(value) ? value : [value]),
      z.array(z.string().min(1).max(256), { error: () => "text" }).max(100, { error: () => "100 values at most" }),
    )
    .describe(words)
    .exactOptional();

/** What a panel is shown for. */
export const answerQuery = z.strictObject({
  from: momentText("Beginning of the range, `now-24h` unless told otherwise; also Unix milliseconds."),
  to: momentText("End of the range, `now` unless told otherwise."),
  network: several("The network that is looked at."),
  node: several("Names of nodes; all where it is left out. May be repeated."),
  client: several("Names of clients. May be repeated."),
  group: several("Groups of labelled validators. May be repeated."),
});

/** What a saved search is answered for. */
export const searchAnswerQuery = z.strictObject({
  from: momentText("Beginning of the range, the search's own unless told otherwise; also Unix milliseconds."),
  to: momentText("End of the range, the search's own unless told otherwise."),
});

const patternAllowed = "an index pattern";
const index = z
  .string({ error: () => patternAllowed })
  .min(1, { error: () => patternAllowed })
  .max(4_096, { error: () => patternAllowed })
  .describe("An index pattern, `ethmon-slot-*`.");
const fieldAllowed = "the name of a field";

export const fieldsQuery = z.strictObject({ index });

export const valuesQuery = z.strictObject({
  index,
  field: z
    .string({ error: () => fieldAllowed })
    .min(1, { error: () => fieldAllowed })
    .max(512, { error: () => fieldAllowed })
    .describe("The field."),
  prefix: z
    .string({ error: () => "text of at most 256 characters" })
    .max(256, { error: () => "text of at most 256 characters" })
    .describe("Only values that begin so.")
    .exactOptional(),
  limit: wholeNumber({
    from: 1,
    to: 100,
    allowed: "a whole number from 1 to 100",
    words: "How many to answer.",
  }).default(20),
  from: momentText("Only documents from this moment on."),
  to: momentText("Only documents before this moment."),
});

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
