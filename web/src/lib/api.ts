import type {
  ApiError,
  BlocksAnswer,
  CommitteesAnswer,
  EpochsAnswer,
  GapsAnswer,
  HealthView,
  NetworkView,
  NodesAnswer,
  ReorgsAnswer,
  SlotAnswer,
  SlotsAnswer,
  VotesAnswer,
} from "../../../src/serve/views.ts";

/** A request that had no good answer. `status` is 0 when the server was not reached at all. */
export class ApiFault extends Error {
  readonly code: string;
  readonly status: number;
  readonly retry: boolean;

  constructor(input: { code: string; message: string; status: number; retry: boolean }) {
    super(input.message);
    this.name = "ApiFault";
    this.code = input.code;
    this.status = input.status;
    this.retry = input.retry;
  }
}

/** One page, newest first, below `before`. */
export type PageRequest = { limit: number; before?: number; signal: AbortSignal };

export type Api = {
  network(signal: AbortSignal): Promise<NetworkView>;
  nodes(signal: AbortSignal): Promise<NodesAnswer>;
  slots(input: PageRequest): Promise<SlotsAnswer>;
  slot(slot: number, signal: AbortSignal): Promise<SlotAnswer>;
  blocks(input: PageRequest): Promise<BlocksAnswer>;
  epochs(input: PageRequest): Promise<EpochsAnswer>;
  votes(input: PageRequest): Promise<VotesAnswer>;
  committees(slot: number, signal: AbortSignal): Promise<CommitteesAnswer>;
  reorgs(limit: number, signal: AbortSignal): Promise<ReorgsAnswer>;
  gaps(limit: number, signal: AbortSignal): Promise<GapsAnswer>;
  health(signal: AbortSignal): Promise<HealthView>;
};

/** The native API below `base`. Rejects with an `ApiFault`, or with the signal's reason when aborted. */
export function createApi(base: string): Api {
  const get = <T>(path: string, signal: AbortSignal): Promise<T> => getJson<T>(`${base}${path}`, signal);
  const page = <T>(path: string, { limit, before, signal }: PageRequest): Promise<T> =>
    get<T>(`${path}?limit=${limit}${before === undefined ? "" : `&before=${before}`}`, signal);
  return {
    network: (signal) => get("/network", signal),
    nodes: (signal) => get("/nodes", signal),
    slots: (input) => page("/slots", input),
    slot: (slot, signal) => get(`/slots/${slot}`, signal),
    blocks: (input) => page("/blocks", input),
    epochs: (input) => page("/epochs", input),
    votes: (input) => page("/votes", input),
    committees: (slot, signal) => get(`/votes/${slot}/committees`, signal),
    reorgs: (limit, signal) => get(`/reorgs?limit=${limit}`, signal),
    gaps: (limit, signal) => get(`/gaps?limit=${limit}`, signal),
    // A failing monitor answers its health with 503: the body is what we came for.
    health: (signal) => get("/health", signal),
  };
}

async function getJson<T>(url: string, signal: AbortSignal): Promise<T> {
  let response: Response;
  let body: unknown;
  try {
    response = await fetch(url, { signal, headers: { accept: "application/json" } });
    body = await response.json();
  } catch (error) {
    if (signal.aborted) throw error;
    throw new ApiFault({
      code: "unreachable",
      message: "The monitor does not answer. It may have been stopped, or the network between is down.",
      status: 0,
      retry: true,
    });
  }
  if (response.ok) return body as T;
  if (isHealth(body)) return body as T;
  const { code, message, retry } = isApiError(body)
    ? body.error
    : {
        code: "bad_answer",
        message: `The monitor answered with HTTP ${response.status}.`,
        retry: response.status >= 500,
      };
  throw new ApiFault({ code, message, retry, status: response.status });
}

function isApiError(body: unknown): body is ApiError {
  return typeof body === "object" && body !== null && "error" in body && typeof body.error === "object";
}

function isHealth(body: unknown): boolean {
  return typeof body === "object" && body !== null && "reasons" in body && "status" in body;
}
