import type {
  AlertsAnswer,
  BlocksAnswer,
  CheckAnswer,
  ClockAnswer,
  CommitteesAnswer,
  EpochsAnswer,
  GapsAnswer,
  GroupAnswer,
  HealthView,
  HostsAnswer,
  LatencyView,
  NetworkView,
  NodesAnswer,
  ReorgsAnswer,
  SlotAnswer,
  SlotsAnswer,
  ValidatorsAnswer,
  VotesAnswer,
} from "../../../src/serve/views.ts";
import { askJson } from "./ask-json.ts";

/** One page, newest first, below `before`. */
export type PageRequest = { limit: number; before?: number; signal: AbortSignal };

export type Api = {
  network(signal: AbortSignal): Promise<NetworkView>;
  nodes(signal: AbortSignal): Promise<NodesAnswer>;
  slots(input: PageRequest): Promise<SlotsAnswer>;
  slot(slot: number, signal: AbortSignal): Promise<SlotAnswer>;
  /** The nodes' servers over the last hour. */
  hosts(signal: AbortSignal): Promise<HostsAnswer>;
  /** The nodes' servers from the slot before to the slot after. */
  slotHosts(slot: number, signal: AbortSignal): Promise<HostsAnswer>;
  blocks(input: PageRequest): Promise<BlocksAnswer>;
  epochs(input: PageRequest): Promise<EpochsAnswer>;
  votes(input: PageRequest): Promise<VotesAnswer>;
  committees(slot: number, signal: AbortSignal): Promise<CommitteesAnswer>;
  reorgs(limit: number, signal: AbortSignal): Promise<ReorgsAnswer>;
  gaps(limit: number, signal: AbortSignal): Promise<GapsAnswer>;
  /** All that are not over, and the newest that are. */
  alerts(limit: number, signal: AbortSignal): Promise<AlertsAnswer>;
  /** The groups of labelled validators over the last epochs. */
  validators(epochs: number, signal: AbortSignal): Promise<ValidatorsAnswer>;
  validatorGroup(input: { group: string; epochs: number; limit: number; signal: AbortSignal }): Promise<GroupAnswer>;
  /** Newest first, below `before`. */
  clockLooks(input: { limit: number; before?: number; signal: AbortSignal }): Promise<ClockAnswer>;
  check(signal: AbortSignal): Promise<CheckAnswer>;
  beginCheck(signal: AbortSignal): Promise<CheckAnswer>;
  /** Over the last 256 slots, or a span of Unix milliseconds. */
  latency(span: { fromMs: number; toMs: number } | undefined, signal: AbortSignal): Promise<LatencyView>;
  health(signal: AbortSignal): Promise<HealthView>;
};

/** The native API below `base`. Rejects with an `ApiFault`, or with the signal's reason when aborted. */
export function createApi(base: string): Api {
  const get = <T>(path: string, signal: AbortSignal): Promise<T> => askJson<T>(`${base}${path}`, { signal });
  const page = <T>(path: string, { limit, before, signal }: PageRequest): Promise<T> =>
    get<T>(`${path}?limit=${limit}${before === undefined ? "" : `&before=${before}`}`, signal);
  return {
    network: (signal) => get("/network", signal),
    nodes: (signal) => get("/nodes", signal),
    slots: (input) => page("/slots", input),
    slot: (slot, signal) => get(`/slots/${slot}`, signal),
    hosts: (signal) => get("/hosts", signal),
    slotHosts: (slot, signal) => get(`/slots/${slot}/hosts`, signal),
    blocks: (input) => page("/blocks", input),
    epochs: (input) => page("/epochs", input),
    votes: (input) => page("/votes", input),
    committees: (slot, signal) => get(`/votes/${slot}/committees`, signal),
    reorgs: (limit, signal) => get(`/reorgs?limit=${limit}`, signal),
    gaps: (limit, signal) => get(`/gaps?limit=${limit}`, signal),
    alerts: (limit, signal) => get(`/alerts?limit=${limit}`, signal),
    validators: (epochs, signal) => get(`/validators?epochs=${epochs}`, signal),
    validatorGroup: ({ group, epochs, limit, signal }) =>
      get(`/validators/${encodeURIComponent(group)}?epochs=${epochs}&limit=${limit}`, signal),
    clockLooks: ({ limit, before, signal }) =>
      get(`/clock?limit=${limit}${before === undefined ? "" : `&before=${before}`}`, signal),
    check: (signal) => get("/check", signal),
    beginCheck: (signal) => askJson(`${base}/check`, { method: "POST", signal }),
    latency: (span, signal) =>
      get(span === undefined ? "/latency" : `/latency?from=${span.fromMs}&to=${span.toMs}`, signal),
    // A failing monitor answers its health with 503: the body is what we came for.
    health: (signal) => get("/health", signal),
  };
}
