import { z } from "zod";

/** Public mode; part of the configuration file. */
export const publicSchema = z.strictObject({
  dashboards: z
    .array(z.string().min(1))
    .optional()
    .describe("Ids of the dashboards that are shown, with their panels. Default: all."),
  searches: z.array(z.string().min(1)).optional().describe("Ids of the saved searches that are shown. Default: all."),
  span_days: z.number().positive().max(3_650).default(31).describe("Most days that a panel may be shown for."),
  buckets: z.int().min(1).max(65_536).default(10_000).describe("Most buckets in the answer to a panel's request."),
  answer_mb: z.number().positive().max(64).default(4).describe("Most MB of one answer."),
  query_ms: z.int().min(1).max(600_000).default(5_000).describe("A panel's request is given up after this time."),
  requests: z.int().min(1).max(10_000).default(64).describe("Requests to the API at once; more get 429."),
  requests_per_client: z.int().min(1).max(10_000).default(12).describe("Of these, from one address."),
  streams_per_client: z.int().min(1).max(1_000).default(4).describe("Live streams at once to one address."),
  cache_seconds: z
    .int()
    .min(0)
    .max(3_600)
    .default(10)
    .describe("For how long a panel's answer is given again, and may be kept by caches."),
  proxies: z
    .array(z.string().min(1))
    .default([])
    .describe("Addresses or networks (`10.0.0.0/8`) of reverse proxies whose `X-Forwarded-For` is believed."),
});

export type PublicConfig = z.output<typeof publicSchema>;
