import { z } from "zod";
import { tlsSchema } from "../../lib/tls-files.ts";
import { ROLES } from "../access/roles.ts";

/** The Elasticsearch face; part of the configuration file. */
export const elasticFaceSchema = z.strictObject({
  host: z.string().min(1).default("127.0.0.1").describe("Address to listen on; loopback only, until there are keys."),
  port: z.int().min(0).max(65_535).default(9200).describe("Port of Elasticsearch's API; 0 takes any free one."),
  allowed_hosts: z
    .array(z.string().min(1))
    .default([])
    .describe("Names besides localhost under which it may be asked."),
  tls: tlsSchema.optional().describe("Certificate of the port, for HTTPS."),
  anonymous: z
    .enum([...ROLES, "none"])
    .optional()
    .describe(
      "What requests without credentials may do. Default: everything while there never were any keys or users and the " +
        "address is a loopback one, nothing otherwise.",
    ),
  cluster_name: z.string().min(1).default("ethmon").describe("Name of the cluster that clients are told."),
  max_content_mb: z.number().positive().max(2_000).default(100).describe("Most MB of a request's body, inflated."),
  max_json_mb: z.number().positive().max(200).default(20).describe("Most MB of a body that is not `_bulk`'s."),
  max_document_mb: z.number().positive().max(200).default(16).describe("Most MB of one line of a `_bulk` body."),
  memory_mb: z
    .number()
    .positive()
    .max(100_000)
    .default(256)
    .describe("Most MB of bodies that are held at once, of all requests together; more get 429."),
  max_actions: z.int().min(1).max(5_000_000).default(500_000).describe("Most actions in one `_bulk` request."),
  max_bulk_requests: z.int().min(1).max(10_000).default(64).describe("`_bulk` requests at once; more get 429."),
  connections: z.int().min(1).max(100_000).default(1_024).describe("Connections at once; more are refused."),
  request_seconds: z
    .number()
    .positive()
    .max(3_600)
    .default(300)
    .describe("A request must have come whole in this time."),
  contexts: z.int().min(1).max(10_000).default(500).describe("Scrolls and points in time that may be open at once."),
});

export type ElasticFaceConfig = z.output<typeof elasticFaceSchema>;
