import { z } from "zod";
import { count, unixMs } from "./record-fields.ts";

const figure = (words: string) => z.number().nullable().describe(words);

const figures = {
  cpu_share: figure("Busy share of all cores, 0 to 1, without waiting for disks."),
  iowait_share: figure("Share of all cores' time that waited for disks, 0 to 1."),
  memory_share: figure("Used share of the memory, 0 to 1, without caches that can be given up."),
  load_1: figure("Load over one minute."),
  in_bytes_per_s: figure("Received, over all interfaces but loopback, bridges and tunnels."),
  out_bytes_per_s: figure("Sent, likewise."),
};

const reading = z
  .strictObject({ value: z.number(), at_ms: unixMs })
  .nullable()
  .describe("The newest value in the span, and the step it is of.");

const hostSchema = z
  .strictObject({
    host: z.string().describe("The server's own name."),
    shipper: z.enum(["metricbeat", "telegraf"]),
    cores: count.nullable(),
    now: z.strictObject({
      cpu_share: reading,
      iowait_share: reading,
      memory_share: reading,
      load_1: reading,
      in_bytes_per_s: reading,
      out_bytes_per_s: reading,
    }),
    points: z
      .array(
        z.strictObject({
          at_ms: unixMs.describe("Start of the step."),
          slot: count.nullable().describe("The slot that the step begins in; null before genesis."),
          ...figures,
        }),
      )
      .describe("Means over the samples of each step, by time; steps without a sample are left out."),
    filesystems: z
      .array(
        z.strictObject({
          mount: z.string(),
          used_share: z.number().describe("0 to 1."),
          total_bytes: z.number().nullable(),
        }),
      )
      .describe("As told last, in the last five minutes of the span at most; the fullest first."),
    processes: z
      .array(
        z.strictObject({
          name: z.string(),
          cpu_cores: figure("Mean over the processes of this name; 1 is one core in full use."),
          memory_bytes: figure("Resident memory, mean over the processes of this name."),
        }),
      )
      .describe("The busiest eight of the last five minutes of the span, at most."),
  })
  .describe("One server, as one shipper tells of it.");

const exchangeSchema = z
  .strictObject({
    at_ms: unixMs,
    protocol: z.enum(["dns", "http", "icmp"]).nullable(),
    query: z.string().nullable(),
    server: z.string().nullable().describe("Name or address."),
    duration_ms: z.number().nullable().describe("From the request to the answer; null where none came."),
    code: z.string().nullable().describe("The answer's code in its protocol, such as `NXDOMAIN` or `503`."),
    failed: z.boolean(),
  })
  .describe("A request and its answer, as they went over the wire.");

const countsSchema = z.strictObject({
  count,
  failed: count,
  mean_ms: z.number().nullable(),
  max_ms: z.number().nullable(),
});

const packetsSchema = z
  .strictObject({
    flows: z
      .strictObject({
        count,
        bytes: z.number(),
        packets: z.number(),
        peers: z.array(z.strictObject({ ip: z.string(), flows: count, bytes: z.number() })),
      })
      .describe("Connections that came to their end in the span, and the five other ends with the most bytes."),
    dns: countsSchema,
    http: countsSchema,
    icmp: countsSchema,
    slowest: z.array(exchangeSchema).describe("At most ten."),
    failed: z.array(exchangeSchema).describe("The newest ten at most."),
  })
  .describe("What went over the wire at the node's servers.");

const linesSchema = z
  .strictObject({
    seen: count.describe("Lines of any level."),
    errors: count,
    warnings: count,
    by_class: z
      .array(z.strictObject({ client: z.string().nullable(), error_type: z.string().nullable(), count }))
      .describe("Errors and warnings by client and class of error, the most first."),
    newest: z
      .array(
        z.strictObject({
          at_ms: unixMs,
          client: z.string().nullable(),
          level: z.string().nullable(),
          error_type: z.string().nullable().describe("Class of the error (docs/pipelines.md)."),
          slot: count.nullable().describe("The slot that the line names, else the one it was written in."),
          message: z.string(),
        }),
      )
      .describe("Errors and warnings, the newest fifty at most."),
  })
  .describe("Log lines of the node's clients.");

export const nodeHostsSchema = z
  .strictObject({
    node: z.string(),
    hosts: z.array(hostSchema).describe("Empty where no server sent figures."),
    packets: packetsSchema.nullable().describe("Null where no packets came."),
    lines: linesSchema.nullable().describe("Null where no log line came."),
  })
  .describe("What came of one node's servers.");

export const hostsSchema = z
  .strictObject({
    from_ms: unixMs,
    to_ms: unixMs,
    step_ms: z.number().describe("Length of the steps of `points`."),
    nodes: z.array(nodeHostsSchema),
  })
  .describe("What came of the nodes' servers in a span of time.");
