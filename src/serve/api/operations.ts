import type { z } from "zod";
import type { Shareable } from "../shared-answers.ts";
import type { HealthView } from "../views.ts";
import { alertOperations } from "./alert-operations.ts";
import type { ErrorCode } from "./api-errors.ts";
import { dashboardOperations } from "./dashboard-operations.ts";
import type { Operation } from "./operation.ts";
import {
  epochsQuery,
  groupPath,
  groupQuery,
  hostSpanQuery,
  nodePath,
  noParams,
  noQuery,
  pageQuery,
  slotPath,
  spanQuery,
  timePageQuery,
} from "./parameters.ts";
import { queryOperations } from "./query-operations.ts";
import type { Views } from "./schemas.ts";

const stored = {
  network_unknown: "No node has told its network yet.",
  store_unavailable: "The store cannot answer now.",
} as const;

const hostWords =
  "Figures of the servers by Metricbeat or Telegraf, packets by Packetbeat, and the clients' lines from `warn` on " +
  "(docs/beats.md). A node of whose servers nothing came stands there with empty parts.";

const paged = "Newest first. `next_before` is the `before` of the next page, null at the end.";

export const operations = {
  getNetwork: {
    path: "/api/v1/network",
    summary: "The network and its time axis",
    words: "Name, genesis, slot length and the forks with their deadlines, as the nodes tell them.",
    params: noParams,
    query: noQuery,
    answer: "Network",
    open: true,
    failures: { network_unknown: stored.network_unknown },
  },
  listNodes: {
    path: "/api/v1/nodes",
    summary: "The beacon nodes",
    words: "Every configured node as it is now: its stream, head, finality, client and counts.",
    params: noParams,
    query: noQuery,
    answer: "Nodes",
    open: true,
    failures: {},
  },
  getNode: {
    path: "/api/v1/nodes/{name}",
    summary: "One beacon node",
    words: "The node of this name as it is now.",
    params: nodePath,
    query: noQuery,
    answer: "Node",
    open: true,
    failures: { node_unknown: "No node has this name." },
  },
  listHosts: {
    path: "/api/v1/hosts",
    summary: "The nodes' servers",
    words: `Every node's servers over a span of time, the last hour unless told otherwise. ${hostWords}`,
    params: noParams,
    query: hostSpanQuery,
    answer: "Hosts",
    failures: stored,
  },
  getNodeHosts: {
    path: "/api/v1/nodes/{name}/hosts",
    summary: "One node's servers",
    words: `The same for the node of this name. ${hostWords}`,
    params: nodePath,
    query: hostSpanQuery,
    answer: "Hosts",
    failures: { node_unknown: "No node has this name.", ...stored },
  },
  listSlots: {
    path: "/api/v1/slots",
    summary: "Slots",
    words: `What became of each slot over all nodes. ${paged}`,
    params: noParams,
    query: pageQuery("slot"),
    answer: "Slots",
    open: true,
    failures: stored,
  },
  getSlot: {
    path: "/api/v1/slots/{slot}",
    summary: "Everything known of one slot",
    words:
      "The slot, the facts of its blocks, how each node lived it, the raw events (without votes and data columns, which are counted in " +
      "`node_slots`; those received up to a day after the slot), and the gaps and reorgs that touch it.",
    params: slotPath,
    query: noQuery,
    answer: "SlotDetail",
    open: true,
    failures: { slot_unknown: "The slot has not begun, lies before genesis, or nothing is stored of it.", ...stored },
  },
  getSlotHosts: {
    path: "/api/v1/slots/{slot}/hosts",
    summary: "The nodes' servers around a slot",
    words:
      "Every node's servers from the slot before to the slot after, in steps of a 24th of a slot, so that they stand on the " +
      `slot's time axis. ${hostWords}`,
    params: slotPath,
    query: noQuery,
    answer: "Hosts",
    failures: { slot_unknown: "The slot has not begun, or lies before genesis.", ...stored },
  },
  listBlocks: {
    path: "/api/v1/blocks",
    summary: "Blocks",
    words:
      "What stands in each block, canonical or not, against the limits of its moment: gas, size, blobs, fees, " +
      `operations, graffiti and the builder's payment. ${paged} Blocks of one slot stay on one page, which may exceed ` +
      "`limit` for it. A block that no node answered whole is not among them.",
    params: noParams,
    query: pageQuery("slot"),
    answer: "Blocks",
    open: true,
    failures: stored,
  },
  listEpochs: {
    path: "/api/v1/epochs",
    summary: "Epochs",
    words: `What became of the slots of each epoch, and finality as the nodes reported it. ${paged}`,
    params: noParams,
    query: pageQuery("epoch"),
    answer: "Epochs",
    open: true,
    failures: stored,
  },
  listVotes: {
    path: "/api/v1/votes",
    summary: "Votes by slot",
    words:
      "What each slot's committees voted: as the event streams told it, which never waits, and as canonical blocks " +
      `carry it. ${paged}`,
    params: noParams,
    query: pageQuery("slot"),
    answer: "Votes",
    open: true,
    failures: stored,
  },
  listCommittees: {
    path: "/api/v1/votes/{slot}/committees",
    summary: "Votes by committee",
    words: "The committees of a slot in their order; none before two slots have passed, or where they are not known.",
    params: slotPath,
    query: noQuery,
    answer: "Committees",
    open: true,
    failures: stored,
  },
  listReorgs: {
    path: "/api/v1/reorgs",
    summary: "Reorgs",
    words:
      "Abandoned branches, computed from parent links over all nodes; those that later headers disproved are left " +
      `out. ${paged} Reorgs to heads of one slot stay on one page, which may exceed \`limit\` for it.`,
    params: noParams,
    query: pageQuery("slot"),
    answer: "Reorgs",
    open: true,
    failures: stored,
  },
  listValidators: {
    path: "/api/v1/validators",
    summary: "Labelled validators by group",
    words:
      "What the duties of your own validators came to, by the groups of the label file, the group that lost most first. " +
      "`labelled` is false where no label file is configured.",
    params: noParams,
    query: epochsQuery,
    answer: "Validators",
    failures: stored,
  },
  getValidatorGroup: {
    path: "/api/v1/validators/{group}",
    summary: "One group of labelled validators",
    words:
      "Its figures, its validators with faults, and its faults with their first causes (docs/duties.md). Faults of one " +
      "slot stay on one page, which may exceed `limit` for it.",
    params: groupPath,
    query: groupQuery,
    answer: "GroupDetail",
    failures: { group_unknown: "No group has this name.", ...stored },
  },
  listGaps: {
    path: "/api/v1/gaps",
    summary: "Gaps",
    words:
      `Spans for which events of a node are missing, and why. ${paged} Gaps that began at one moment stay on one ` +
      "page, which may exceed `limit` for it.",
    params: noParams,
    query: timePageQuery,
    answer: "Gaps",
    open: true,
    failures: stored,
  },
  getLatency: {
    path: "/api/v1/latency",
    summary: "How the nodes compare",
    words:
      "Differences of first-seen times between each two nodes, each node's own bias, completeness, echoes and gaps, the " +
      "propagation of blocks over the nodes, and the probability of being orphaned by arrival: over the last 256 slots, " +
      "or over the epochs between `from` and `to`, 10000 documents of one epoch and node at most. All stamps are of one " +
      "machine: its clock's offset cancels in differences, and the delay of its event loop does not.",
    params: noParams,
    query: spanQuery,
    answer: "Latency",
    open: true,
    failures: stored,
  },
  getStore: {
    path: "/api/v1/store",
    summary: "What is stored",
    words:
      "Rows, bytes and days of every dataset, the largest first, what the files take, and how long documents are kept. " +
      "Counting takes some four seconds for ten gigabytes the first time.",
    params: noParams,
    query: noQuery,
    answer: "Store",
    failures: { store_unavailable: stored.store_unavailable },
  },
  listClockLooks: {
    path: "/api/v1/clock",
    summary: "The clock, looked at from time to time",
    words:
      "How far this machine's clock was off by the time servers, with the error of that, and how late the program ran: " +
      `a look every 64 to 1024 s, and one at once when the clock was set. \`/api/v1/health\` has the last one. ${paged}`,
    params: noParams,
    query: timePageQuery,
    answer: "Clock",
    failures: stored,
  },
  getCheck: {
    path: "/api/v1/check",
    summary: "What the nodes give, as last checked",
    words:
      "The last check of all nodes: what each gives, what is missing and why. Nothing is asked of the nodes for it; " +
      "without a check so far `report` is null.",
    params: noParams,
    query: noQuery,
    answer: "Check",
    failures: {},
  },
  beginCheck: {
    path: "/api/v1/check",
    method: "POST",
    summary: "Check the nodes again",
    words:
      "Begins a check, as `ethmon check` makes it, of the nodes that are watched: each is reached once, with `GET` " +
      "requests alone, which takes from a second to two slots. The request has no body and is answered at once; the " +
      "report stands under `GET` when `running_since_ms` is null again. There is one check at a time, and the next no " +
      "sooner than `again_ms`: a request before begins none, and is answered in the same way.",
    params: noParams,
    query: noQuery,
    begins: true,
    answer: "Check",
    failures: {},
  },
  getHealth: {
    path: "/api/v1/health",
    summary: "Health of the monitor",
    words: "Status 200 when it is ok or degraded, 503 when it is failing; the body says why.",
    params: noParams,
    query: noQuery,
    answer: "Health",
    open: true,
    failures: {},
  },
  ...alertOperations,
  ...dashboardOperations,
  ...queryOperations,
} as const satisfies Record<string, Operation>;

export type OperationId = keyof typeof operations;

/** What any route can answer besides. */
export const COMMON_FAILURES = {
  parameter_invalid: "A parameter is not what is allowed; the message names it.",
  request_malformed: "The path or a header cannot be read.",
  unauthenticated:
    "There are keys or users, and the request has no or wrong credentials; `WWW-Authenticate` says which.",
  origin_refused: "The request comes from a web page of another origin.",
  unauthorized: "The role of who asks does not allow it.",
  method_not_allowed: "The route has no such method; but where it is said, only GET and HEAD are served.",
  body_refused: "The request has a body, and the route takes none.",
  host_refused: "The Host header is not a name of this server.",
  too_many_requests: "Too many passwords are being checked.",
  internal_error: "The fault is the monitor's; its log says why.",
} as const satisfies Partial<Record<ErrorCode, string>>;

/** Load balancers look at the status alone: a failing monitor answers 503. */
export function statusOfHealth(health: HealthView): number {
  return health.status === "failing" ? 503 : 200;
}

/** The input of an operation's handler: its parsed parameters, and the end of the request. */
type OperationInput<Id extends OperationId> = {
  params: z.output<(typeof operations)[Id]["params"]>;
  query: z.output<(typeof operations)[Id]["query"]>;
  signal: AbortSignal;
} & BodyOf<(typeof operations)[Id]>;

type BodyOf<O> = O extends { body: { name: infer Name extends keyof Views } } ? { body: Views[Name] } : unknown;

type AnswerOf<Id extends OperationId> = Views[(typeof operations)[Id]["answer"]];

/** What is shared is made only when no equal answer is there. */
type HandledAs<Id extends OperationId> = (typeof operations)[Id] extends { shared: true }
  ? Shareable<AnswerOf<Id>>
  : AnswerOf<Id>;

export type Handlers = {
  [Id in OperationId]: (input: OperationInput<Id>) => HandledAs<Id> | Promise<HandledAs<Id>>;
};
