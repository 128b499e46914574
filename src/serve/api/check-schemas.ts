import { z } from "zod";
import { count, identifier, root, unixMs } from "./record-fields.ts";

const verdict = z
  .enum(["ready", "ready_with_less", "not_ready"])
  .describe("`ready_with_less`: watched, and something is missing; `not_ready`: it cannot be watched so.");

const findings = z
  .array(
    z.strictObject({
      severity: z
        .enum(["fatal", "lesser", "note"])
        .describe("`fatal`: it cannot be watched so; `lesser`: something is missing; `note`: nothing needs it."),
      code: z.string(),
      sentence: z.string().describe("What is so, and what is missing because of it."),
      advice: z.string().describe("What to do about it.").exactOptional(),
      temporary: z.literal(true).describe("It may pass with nothing changed.").exactOptional(),
    }),
  )
  .describe("What there is to know.");

const nodeReport = z.strictObject({
  name: z.string(),
  url: z.string().describe("Without credentials."),
  verdict,
  version: z.string().nullable(),
  network: z
    .strictObject({
      name: z.string(),
      genesis_time: count.describe("Unix seconds."),
      genesis_validators_root: root.nullable(),
      slot_duration_ms: z.number(),
      slots_per_epoch: z.int().min(1),
      fork: z.string().describe("Active when it was checked."),
    })
    .nullable(),
  sync: z
    .strictObject({
      head_slot: identifier,
      sync_distance: z.number().nullable().describe("Slots."),
      is_syncing: z.boolean(),
      is_optimistic: z.boolean(),
      el_offline: z.boolean(),
    })
    .nullable(),
  peers: count.nullable(),
  clock: z
    .strictObject({
      offset_ms: z.number().describe("The node's clock less this machine's, by the Date header of its answers."),
      error_ms: z.number().describe("That is off by this at most."),
    })
    .nullable(),
  events: z
    .strictObject({
      state: z.enum(["open", "silent", "failed"]),
      listened_ms: z.number(),
      first_event: z.strictObject({ topic: z.string(), after_ms: z.number() }).nullable(),
      topics: z
        .record(z.string(), z.strictObject({ state: z.enum(["streaming", "refused", "unknown"]), events: count }))
        .describe("`unknown`: taken, or not asked for; no event came."),
      refuses_unknown: z
        .boolean()
        .nullable()
        .describe("It refuses topics that do not exist, so that what it takes it knows; null when not known."),
    })
    .nullable(),
  paths: z
    .record(z.string(), z.enum(["ok", "missing", "failed"]))
    .describe("By path of its REST interface; `failed` may answer later."),
  findings,
});

export const checkSchema = z
  .strictObject({
    running_since_ms: unixMs.nullable().describe("Since when a check is being made; null when none is."),
    again_ms: unixMs.nullable().describe("Another one begins no sooner; null when it may begin now, or one is made."),
    report: z
      .strictObject({
        verdict,
        temporary: z.boolean().describe("Not ready, for reasons that may pass by themselves."),
        checked_ms: unixMs,
        nodes: z.array(nodeReport),
        findings: findings.describe("What concerns all nodes together."),
      })
      .nullable()
      .describe("The last check that came to its end; null before that."),
    failure: z.string().nullable().describe("Why the last one did not come to its end."),
  })
  .describe("A check of the nodes that are watched: what each gives, what is missing and why.");
