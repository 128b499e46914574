import { z } from "zod";
import type { BlockRecord } from "../../events/block/block-record.ts";
import type { EpochRecord, GapRecord, NodeSlotRecord, SlotRecord } from "../../events/derived.ts";
import type { DutyRecord } from "../../events/duty-records.ts";
import type { ReorgRecord } from "../../events/reorg.ts";
import type { SlotVotesRecord } from "../../events/vote-records.ts";
import type {
  ApiError,
  BlocksAnswer,
  CheckAnswer,
  ClockAnswer,
  ClockLook,
  CommitteesAnswer,
  EpochsAnswer,
  GapsAnswer,
  GroupAnswer,
  GroupView,
  HealthView,
  HostsAnswer,
  LatencyView,
  NetworkView,
  NodeHosts,
  NodesAnswer,
  NodeView,
  ReorgsAnswer,
  SlotAnswer,
  SlotEvent,
  SlotsAnswer,
  StoreView,
  ValidatorsAnswer,
  VotesAnswer,
} from "../views.ts";
import { type AlertViews, alertSchemas } from "./alert-schemas.ts";
import { blockSchema } from "./block-schema.ts";
import { checkSchema } from "./check-schemas.ts";
import { clockSchema } from "./clock-schemas.ts";
import { type DashboardViews, dashboardSchemas } from "./dashboard-schemas.ts";
import { hostsSchema, nodeHostsSchema } from "./hosts-schema.ts";
import { latencySchema } from "./latency-schema.ts";
import { type QueryViews, querySchemas } from "./query-schemas.ts";
import { count, identifier, root, signedMs, unixMs } from "./record-fields.ts";
import { clockLookSchema, epochSchema, gapSchema, nodeSlotSchema, reorgSchema, slotSchema } from "./record-schemas.ts";
import { dutySchema, groupAnswerSchema, groupSchema, validatorsSchema } from "./validator-schemas.ts";
import { committeeSlotSchema, slotVotesSchema } from "./vote-schemas.ts";

/** The answers of the native API by the names they have in the OpenAPI document. */
export type Views = AlertViews &
  DashboardViews &
  QueryViews & {
    Network: NetworkView;
    Node: NodeView;
    Nodes: NodesAnswer;
    NodeHosts: NodeHosts;
    Hosts: HostsAnswer;
    Slot: SlotRecord;
    NodeSlot: NodeSlotRecord;
    SlotEvent: SlotEvent;
    Slots: SlotsAnswer;
    SlotDetail: SlotAnswer;
    Block: BlockRecord;
    Blocks: BlocksAnswer;
    Epoch: EpochRecord;
    Epochs: EpochsAnswer;
    Reorg: ReorgRecord;
    Reorgs: ReorgsAnswer;
    SlotVotes: SlotVotesRecord;
    Votes: VotesAnswer;
    Committees: CommitteesAnswer;
    Duty: DutyRecord;
    Group: GroupView;
    Validators: ValidatorsAnswer;
    GroupDetail: GroupAnswer;
    Gap: GapRecord;
    Gaps: GapsAnswer;
    Latency: LatencyView;
    ClockLook: ClockLook;
    Clock: ClockAnswer;
    Check: CheckAnswer;
    Health: HealthView;
    Store: StoreView;
    Error: ApiError;
  };

const dueMs = z.number().describe("Milliseconds from the slot's start.");

const networkSchema = z
  .strictObject({
    name: z.string().describe("CONFIG_NAME, as indices are named by it."),
    genesis_time: count.describe("Unix seconds."),
    genesis_validators_root: root.nullable(),
    slot_duration_ms: z.number(),
    slots_per_epoch: z.int().min(1),
    forks: z
      .array(
        z.strictObject({
          fork: z.string(),
          epoch: identifier,
          deadlines: z.strictObject({
            attestation_due_ms: dueMs,
            aggregate_due_ms: dueMs,
            payload_due_ms: dueMs.exactOptional(),
            payload_attestation_due_ms: dueMs.exactOptional(),
          }),
        }),
      )
      .describe("By ascending epoch; of forks at one epoch the last one counts."),
    demo: z.boolean().describe("The data are a recording, not a live network."),
    now_ms: unixMs.describe("The server's clock, to correct one's own by."),
  })
  .describe("The network that is watched, and its time axis.");

const nodeSchema = z
  .strictObject({
    name: z.string(),
    url: z.string().describe("Without credentials; empty where the monitor is public."),
    state: z.enum(["connecting", "streaming", "down", "refused"]),
    since_ms: unixMs.describe("When it came into this state."),
    reason: z.string().nullable().describe("Why it is in this state, where there is something to say."),
    client: z.string().nullable(),
    version: z.string().nullable(),
    syncing: z.boolean(),
    peers: count.nullable(),
    head: z.strictObject({ slot: identifier, root, at_ms: unixMs }).nullable(),
    finalized_epoch: identifier.nullable(),
    events: count.describe("Events received since the start of this process."),
    echoes: count.describe("Of these, repeats of what the node had told before."),
    last_event_ms: unixMs.nullable(),
    reconnects: count,
    topics: z.record(z.string(), z.enum(["streaming", "refused", "unknown"])),
  })
  .describe("One beacon node as it is now.");

const healthSchema = z
  .strictObject({
    status: z.enum(["ok", "degraded", "failing"]),
    reasons: z
      .array(z.strictObject({ code: z.string(), sentence: z.string(), node: z.string().exactOptional() }))
      .describe("Why it is not ok; empty when it is."),
    started_ms: unixMs,
    store: z.strictObject({
      state: z.string(),
      journaled: count.describe("Journal position that is durable."),
      loaded: count.describe("Journal position up to which searches see everything."),
      queued: count.describe("Documents waiting for the journal."),
      dropped: count.describe("Documents lost because the queue, or the journal of a cluster, was full."),
      rows: count,
    }),
    quarantined: count.describe("Events that did not fit their schema."),
    event_loop_delay_ms: z.strictObject({ p50: z.number(), p99: z.number(), max: z.number() }),
    clock: clockSchema.nullable().describe("Null where no time server is asked."),
  })
  .describe("The health of the monitor itself: ok only when every stream is up and the store takes and answers.");

const bytes = count.describe("Bytes on the disk.");

const storeSchema = z
  .strictObject({
    state: z.enum(["starting", "ready", "unavailable", "closed"]),
    reason: z.string().nullable().describe("Why it is in this state, where there is something to say."),
    datasets: z
      .array(
        z.strictObject({
          index: z.string().describe("Name of the data stream or index."),
          dataset: z.string(),
          network: z.string(),
          keep: z.enum(["votes", "raw", "ever"]).describe("How long it is kept, as `retention` says for each."),
          rows: count,
          bytes: count.describe("About: whole blocks of the file, and a share of its write-ahead log by rows."),
          days: count.nullable().describe("UTC days with documents; null for an index."),
          oldest_ms: unixMs.nullable(),
          newest_ms: unixMs.nullable(),
        }),
      )
      .describe("The largest first."),
    rows: count,
    disk: z.strictObject({
      total_bytes: bytes,
      database_bytes: bytes,
      free_bytes: count.describe("Free within the database's file: filled before the file grows, not part of the cap."),
      wal_bytes: bytes,
      journal_bytes: bytes,
      pending_bytes: count.describe("Of the journal's, about: not loaded yet, and not part of the cap."),
    }),
    journal: z.strictObject({
      journaled: count.describe("Journal position that is durable."),
      loaded: count.describe("Journal position up to which rows were counted."),
    }),
    retention: z
      .strictObject({
        votes_hours: z.number(),
        raw_days: z.number(),
        disk_gb: z.number(),
        ran_ms: unixMs.nullable().describe("The last run."),
        over_cap: z.string().nullable().describe("The disk cap is exceeded and nothing is left to drop: why."),
      })
      .nullable()
      .describe("Null where everything is kept."),
  })
  .describe("What the store holds, and how it is kept in bounds.");

const slotEventSchema = z
  .strictObject({
    node: z.string(),
    topic: z.string(),
    received_ms: unixMs,
    delay_ms: signedMs.nullable().describe("Arrival, signed ms from the slot's start."),
    echo: z.boolean().describe("The node had told of this object on this topic before."),
    fields: z.record(z.string(), z.unknown()).describe("The topic's own fields, by their names in the store."),
  })
  .describe("One raw event.");

const nextBefore = (what: string) =>
  z.number().nullable().describe(`The \`before\` that continues with older ${what}; null at the end.`);

const slotDetailSchema = z
  .strictObject({
    slot: slotSchema,
    blocks: z.array(blockSchema).describe("The slot's blocks, as far as a node answered them whole."),
    node_slots: z.array(nodeSlotSchema),
    events: z.array(slotEventSchema).describe("Without votes, which node_slots counts; by arrival."),
    gaps: z.array(gapSchema).describe("Spans without events that touch the slot."),
    reorgs: z.array(reorgSchema).describe("Reorgs with a block of the slot on either branch."),
  })
  .describe("Everything known of one slot.");

/** One schema an answer: the OpenAPI document is made from them and the tests hold real answers against them. */
export const schemas = {
  Network: networkSchema,
  Node: nodeSchema,
  Nodes: z.strictObject({ nodes: z.array(nodeSchema) }).describe("All nodes."),
  NodeHosts: nodeHostsSchema,
  Hosts: hostsSchema,
  Slot: slotSchema,
  NodeSlot: nodeSlotSchema,
  SlotEvent: slotEventSchema,
  Slots: z
    .strictObject({ slots: z.array(slotSchema), next_before: nextBefore("slots") })
    .describe("One page of slots."),
  SlotDetail: slotDetailSchema,
  Block: blockSchema,
  Blocks: z
    .strictObject({ blocks: z.array(blockSchema), next_before: nextBefore("blocks") })
    .describe("One page of blocks."),
  Epoch: epochSchema,
  Epochs: z
    .strictObject({ epochs: z.array(epochSchema), next_before: nextBefore("epochs") })
    .describe("One page of epochs."),
  Reorg: reorgSchema,
  Reorgs: z
    .strictObject({ reorgs: z.array(reorgSchema), next_before: nextBefore("reorgs") })
    .describe("One page of reorgs."),
  SlotVotes: slotVotesSchema,
  Votes: z
    .strictObject({ votes: z.array(slotVotesSchema), next_before: nextBefore("slots") })
    .describe("One page of slots' votes."),
  Committees: z
    .strictObject({ committees: z.array(committeeSlotSchema) })
    .describe("The votes of each committee of one slot."),
  Duty: dutySchema,
  Group: groupSchema,
  Validators: validatorsSchema,
  GroupDetail: groupAnswerSchema,
  Gap: gapSchema,
  Gaps: z.strictObject({ gaps: z.array(gapSchema), next_before: nextBefore("gaps") }).describe("One page of gaps."),
  Latency: latencySchema,
  ClockLook: clockLookSchema,
  Clock: z
    .strictObject({ looks: z.array(clockLookSchema), next_before: nextBefore("looks") })
    .describe("One page of looks at the clock."),
  Check: checkSchema,
  Health: healthSchema,
  Store: storeSchema,
  ...alertSchemas,
  ...dashboardSchemas,
  ...querySchemas,
  Error: z
    .strictObject({
      error: z.strictObject({
        code: z.string().describe("Stable, for programs."),
        message: z.string().describe("One sentence, for people."),
        retry: z.boolean().describe("Whether the same request may succeed later."),
      }),
    })
    .describe("What went wrong."),
} satisfies { [Name in keyof Views]: z.ZodType<Views[Name]> };

type Frozen<T> = T extends object ? { readonly [K in keyof T]: Frozen<T[K]> } : T;

/** The other direction of the agreement: names the views that their schema would refuse. */
export type Disagreement = {
  [Name in keyof Views]: Frozen<Views[Name]> extends Frozen<z.output<(typeof schemas)[Name]>> ? never : Name;
}[keyof Views];
