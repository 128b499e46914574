import { z } from "zod";

const MAX_UINT64 = 18_446_744_073_709_551_615n;
const DIGITS = /^\d{1,20}$/;

/** A slot, an epoch or an index: the API's decimal string (or a plain integer), as a number up to 2^53 - 1. */
export const uint = z.union([z.string(), z.number()], "is not an unsigned integer").transform((value, context) => {
  if (typeof value === "string" && !DIGITS.test(value)) {
    context.addIssue("is not an unsigned integer");
    return z.NEVER;
  }
  const number = Number(value);
  if (Number.isSafeInteger(number) && number >= 0) return number;
  context.addIssue(number > Number.MAX_SAFE_INTEGER ? "is beyond 2^53" : "is not an unsigned integer");
  return z.NEVER;
});

/** A uint64 that may use its whole range, such as FAR_FUTURE_EPOCH: kept as a decimal string. */
export const uint64 = z.union([z.string(), z.number()], "is not an unsigned integer").transform((value, context) => {
  const exact = typeof value === "string" ? DIGITS.test(value) : Number.isSafeInteger(value) && value >= 0;
  if (!exact || BigInt(value) > MAX_UINT64) {
    context.addIssue("is not a uint64");
    return z.NEVER;
  }
  return String(value);
});

/** A 32-byte root or hash, in lower case: clients differ in case and roots are compared. */
export const root = z
  .string("is not a root")
  .regex(/^0x[0-9a-fA-F]{64}$/, "is not 32 bytes of hex")
  .transform((text) => text.toLowerCase());

/** Bytes of any length. */
export const bytes = z.string("is not hex").regex(/^0x(?:[0-9a-fA-F]{2})*$/, "is not hex");

/** Bytes of a length that the specification fixes. */
export function byteVector(length: number, name: string) {
  const pattern = new RegExp(`^0x[0-9a-fA-F]{${2 * length}}$`);
  return z.string(`is not ${name}`).regex(pattern, `is not ${length} bytes of hex`);
}

/** A BLS signature. */
export const signature = byteVector(96, "a signature");

/** A BLS public key. */
export const pubkey = byteVector(48, "a public key");

/** A KZG commitment. */
export const kzgCommitment = byteVector(48, "a commitment");

/** An address of the execution layer, in lower case: its checksum's capitals differ between clients. */
export const executionAddress = byteVector(20, "an address").transform((text) => text.toLowerCase());

export const boolean = z.boolean("is not a boolean");

/** Events that clients send as `{version, data}`; those from before the version was added send the data alone. */
export function versioned<S extends z.ZodType>(data: S) {
  return z.union([
    z.object({ version: z.string(), data }),
    data.transform((inner) => ({ version: undefined, data: inner })),
  ]);
}

/** The first thing wrong with a value, in words: `data.slot is beyond 2^53`. */
export function firstIssue(error: z.ZodError): string {
  const deepest = (issues: readonly z.core.$ZodIssue[], path: readonly PropertyKey[]): string => {
    const issue = issues[0];
    if (issue === undefined) return "the data do not fit";
    const at = [...path, ...issue.path];
    if (issue.code === "invalid_union" && issue.errors.some((branch) => branch.length > 0)) {
      // The branch that got furthest into the data says most.
      const branches = issue.errors.map((branch) => ({ branch, depth: branch[0]?.path.length ?? 0 }));
      const best = branches.reduce((a, b) => (b.depth > a.depth ? b : a));
      if (best.depth > 0 || isDefault(issue.message)) return deepest(best.branch, at);
    }
    return `${at.length === 0 ? "the data" : at.join(".")} ${wordsOf(issue)}`;
  };
  return deepest(error.issues, []);
}

/** Schemas say in their own words what does not fit; where they do not, zod's words are for programmers. */
const isDefault = (message: string) => message.startsWith("Invalid ");

function wordsOf(issue: z.core.$ZodIssue): string {
  if (!isDefault(issue.message)) return issue.message;
  if (issue.code === "invalid_type") {
    return issue.message.endsWith("received undefined") ? "is missing" : `is not of type ${issue.expected}`;
  }
  return issue.code === "invalid_value" ? `is none of ${issue.values.join(", ")}` : "does not fit";
}
