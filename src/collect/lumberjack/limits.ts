import { z } from "zod";
import { tlsSchema } from "../../lib/tls-files.ts";

/** The bounds of one Lumberjack connection; part of the configuration file. */
export const lumberjackLimitsSchema = z.strictObject({
  connections: z.int().min(1).max(100_000).default(256).describe("Connections at once; more are refused."),
  window_events: z.int().min(1).max(1_000_000).default(100_000).describe("Most events in one window."),
  window_mb: z.number().positive().max(100_000).default(512).describe("Most bytes in one window, inflated, MB."),
  frame_mb: z.number().positive().max(1_000).default(64).describe("Most bytes of one compressed frame, MB."),
  event_mb: z.number().positive().max(1_000).default(16).describe("Most bytes of one event's JSON, MB."),
  nesting: z.int().min(1).max(8).default(2).describe("How deep compressed frames may be nested."),
  frame_seconds: z
    .number()
    .positive()
    .max(3_600)
    .default(60)
    .describe(
      "How long a sender may keep the rest of a frame or window waiting; between windows it may wait for ever.",
    ),
  keep_alive_seconds: z
    .number()
    .positive()
    .max(3_600)
    .default(5)
    .describe("While the store works on a window the sender is told so often that it is still being worked on."),
  close_seconds: z
    .number()
    .positive()
    .max(600)
    .default(5)
    .describe("How long the program's end waits for the store to take what was read."),
  batch_events: z
    .int()
    .min(1)
    .max(100_000)
    .default(1_000)
    .describe("Most events that are handed to the store at once."),
  memory_mb: z
    .number()
    .positive()
    .max(100_000)
    .default(256)
    .describe("Bytes of events that all connections may hold together, MB; above it they wait for one another."),
  in_flight_mb: z
    .number()
    .positive()
    .max(10_000)
    .default(8)
    .describe("Bytes of one connection that may wait for the store; above it the socket is not read."),
});

/** The Lumberjack server; part of the configuration file. */
export const lumberjackSchema = z.strictObject({
  host: z
    .string()
    .min(1)
    .default("127.0.0.1")
    .describe("Address to listen on; one that others can reach needs `tls` with a `client_authority`."),
  port: z.int().min(0).max(65_535).default(5044).describe("Port for Beats' output.logstash; 0 takes any free one."),
  tls: tlsSchema.optional().describe("Certificate of the port."),
  limits: lumberjackLimitsSchema.prefault({}).describe("What one sender may do."),
});

export type LumberjackLimits = z.output<typeof lumberjackLimitsSchema>;

export const MB = 1_000_000;
