import type { alertOperations } from "../../../src/serve/api/alert-operations.ts";
import type { dashboardOperations } from "../../../src/serve/api/dashboard-operations.ts";
import type { OperationId } from "../../../src/serve/api/operations.ts";
import type { queryOperations } from "../../../src/serve/api/query-operations.ts";
import type { ServeRig } from "../../rigs/serve-rig.ts";

/** What is asked for: all of a recording. */
export type Asked = {
  slots: readonly number[];
  nodes: readonly string[];
  groups: readonly string[];
  /** Unix milliseconds, whole. */
  fromMs: number;
  toMs: number;
};

/** A path that answers JSON; `paged` ones are read to their end. */
type Question = { path: string; paged?: true };

const API = "/api/v1";
/** So few that pages end within slots of several records. */
const PAGE = 7;
/** One answer about hosts is made of a dozen searches. */
const HOSTS_EVERY_SLOTS = 8;

const paged = (path: string): Question => ({
  path: `${path}${path.includes("?") ? "&" : "?"}limit=${PAGE}`,
  paged: true,
});
const listed = (path: string): Question[] => [paged(`${API}${path}`), { path: `${API}${path}?limit=1000` }];
const one = (path: string): Question => ({ path: `${API}${path}` });
/** The running program answers these, and no store. */
const notStored = () => [];

/**
 * What reads what is stored of a recording by its own paths; dashboards and free searches are compared elsewhere, and a
 * recording holds no alerts.
 */
type Recorded = Exclude<
  OperationId,
  keyof typeof alertOperations | keyof typeof dashboardOperations | keyof typeof queryOperations
>;

/** Every operation of the API, as it is asked of a recording. */
const QUESTIONS: Readonly<Record<Recorded, (asked: Asked) => readonly Question[]>> = {
  getNetwork: notStored,
  listNodes: notStored,
  getNode: notStored,
  getCheck: notStored,
  beginCheck: notStored,
  getHealth: notStored,
  listHosts: ({ fromMs, toMs }) => [one(`/hosts?from=${fromMs}&to=${toMs}`), one("/hosts")],
  getNodeHosts: ({ nodes, fromMs, toMs }) => nodes.map((name) => one(`/nodes/${name}/hosts?from=${fromMs}&to=${toMs}`)),
  listSlots: () => listed("/slots"),
  getSlot: ({ slots }) => slots.map((slot) => one(`/slots/${slot}`)),
  getSlotHosts: ({ slots }) =>
    slots.filter((slot) => slot % HOSTS_EVERY_SLOTS === 0).map((slot) => one(`/slots/${slot}/hosts`)),
  listBlocks: () => listed("/blocks"),
  listEpochs: () => listed("/epochs"),
  listVotes: () => listed("/votes"),
  listCommittees: ({ slots }) => slots.map((slot) => one(`/votes/${slot}/committees`)),
  listReorgs: () => listed("/reorgs"),
  listValidators: () => [one("/validators"), one("/validators?epochs=2")],
  getValidatorGroup: ({ groups }) => groups.flatMap((group) => listed(`/validators/${group}`)),
  listGaps: () => listed("/gaps"),
  getLatency: ({ fromMs, toMs }) => [one("/latency"), one(`/latency?from=${fromMs}&to=${toMs}`)],
  // Bytes are each store's own; what is counted stands in the comparison of documents.
  getStore: notStored,
  listClockLooks: () => listed("/clock"),
};

/** An answer of the API: its status and its body. */
export type Told = { path: string; status: number; body: unknown };

/** Questions that are under way at once. */
const AT_ONCE = 4;

/** All that the API answers of what is asked for, in a fixed order. */
export async function askAll(rig: Pick<ServeRig, "get">, asked: Asked): Promise<Told[]> {
  const waiting = Object.values(QUESTIONS).flatMap((questions) => questions(asked));
  const told: Told[][] = [];
  let next = 0;
  const askNext = async (): Promise<void> => {
    for (let at = next++; at < waiting.length; at = next++) told[at] = await askOne(rig, waiting[at] as Question);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, askNext));
  return told.flat();
}

async function askOne(rig: Pick<ServeRig, "get">, { path, paged: isPaged }: Question): Promise<Told[]> {
  const told: Told[] = [];
  let next: string | undefined = path;
  while (next !== undefined) {
    const { status, body } = await rig.get(next);
    told.push({ path: next, status, body });
    const before = isPaged ? (body as { next_before?: number | null }).next_before : null;
    next = typeof before === "number" ? `${path}&before=${before}` : undefined;
  }
  return told;
}
