import type { z } from "zod";
import type { ErrorCode } from "./api-errors.ts";
import type { Views } from "./schemas.ts";

/** One route that answers JSON: the server, the OpenAPI document and the handlers' types are made from it. */
export type Operation = {
  path: string;
  /** Left out for GET. */
  method?: "POST" | "PUT" | "DELETE";
  summary: string;
  words: string;
  params: z.ZodObject;
  query: z.ZodObject;
  /** What a request brings, in JSON; without it a request has no body. */
  body?: { /** Of `schemas`. */ name: keyof Views; limitBytes: number };
  answer: keyof Views;
  /** It begins something and is answered at once, with 202. */
  begins?: true;
  /** By another method than GET, it only reads. */
  reads?: true;
  /** Also where the monitor is public. */
  open?: true;
  /** Answers that are made at the same time, or were a moment ago, with the same key of its handler are one. */
  shared?: true;
  /** It changes seldom: of a public monitor, others may keep it for a while. */
  cached?: true;
  /** The faults that are its own; any route can meet those of `COMMON_FAILURES` too. */
  failures: Partial<Record<ErrorCode, string>>;
};
