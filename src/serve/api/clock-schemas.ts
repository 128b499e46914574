import { z } from "zod";
import { unixMs } from "./record-fields.ts";

const offset = z
  .number()
  .nullable()
  .describe("To be added to the machine's clock, signed; positive when it is behind; null while not known.");
const error = z.number().nullable().describe("The offset is off by this at most.");

export const clockSchema = z
  .strictObject({
    offset_ms: offset,
    error_ms: error,
    server: z.string().nullable().describe("Whose sample that is."),
    reachable: z.boolean().nullable().describe("A time server answered when last asked; null before that."),
    sampled_ms: unixMs.nullable().describe("When the offset was measured."),
    asked_ms: unixMs.nullable().describe("When the servers were last asked."),
    servers: z
      .array(
        z.strictObject({
          server: z.string(),
          offset_ms: offset,
          error_ms: error,
          round_trip_ms: z.number().nullable(),
          stratum: z.int().nullable(),
          agrees: z
            .boolean()
            .nullable()
            .describe("Both its offset and the chosen one can be right, by their errors; null without a sample."),
          reason: z.string().nullable().describe("Why it gave no sample: a code."),
        }),
      )
      .describe("Each server that is asked, as it answered then."),
  })
  .describe("The machine's clock against time servers (NTP). Stamps are not corrected by it.");
