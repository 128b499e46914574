import { z } from "zod";

/** An Elasticsearch or OpenSearch that holds the documents; part of the configuration file. */
export const elasticStoreSchema = z.strictObject({
  urls: z
    .array(z.string().min(1))
    .min(1)
    .max(64)
    .describe(
      "Addresses of the cluster's nodes; one that does not answer is left out for a while. `${NAME}` is replaced by the " +
        "environment variable, for credentials: `https://user:${PASSWORD}@es-1:9200`.",
    ),
  api_key: z
    .string()
    .min(1)
    .optional()
    .describe("API key in Elasticsearch's encoded form, instead of a user in the URLs; `${NAME}` as there."),
  authority: z
    .string()
    .min(1)
    .optional()
    .describe("Path of the certificate of the authority that signed the cluster's, PEM. Default: the system's."),
  votes: z
    .boolean()
    .default(false)
    .describe(
      "Whether single votes and data columns go to the cluster, too: five nodes of mainnet send 12000 votes a second. " +
        "What they add up to, by slot, committee and validator, always does.",
    ),
  shards: z.int().min(1).max(1_024).default(1).describe("Primary shards of a new index."),
  replicas: z
    .int()
    .min(0)
    .max(16)
    .optional()
    .describe("Copies of each shard. Default: one where the cluster has a second node, else none."),
  bulk_mb: z.number().min(0.1).max(100).default(2).describe("About so many MB go in one `_bulk` request."),
  bulk_requests: z.int().min(1).max(16).default(2).describe("`_bulk` requests that are under way at once."),
  compress: z.boolean().default(false).describe("Whether requests are compressed with gzip."),
  search_seconds: z.number().positive().max(600).default(30).describe("A search is given up after this time."),
});

export type ElasticStoreSettings = z.output<typeof elasticStoreSchema>;
