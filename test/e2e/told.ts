import type { FaultLine } from "../../devnet/fault-log.ts";
import type { GapRecord, SlotRecord } from "../../src/events/derived.ts";
import type { ReorgRecord } from "../../src/events/reorg.ts";
import type { SlotVotesRecord } from "../../src/events/vote-records.ts";
import type {
  GapsAnswer,
  LatencyView,
  NodesAnswer,
  NodeView,
  ReorgsAnswer,
  SlotsAnswer,
  VotesAnswer,
} from "../../src/serve/views.ts";

/** What the monitor says through its API. */
export type Told = {
  slots: readonly SlotRecord[];
  reorgs: readonly ReorgRecord[];
  gaps: readonly GapRecord[];
  votes: readonly SlotVotesRecord[];
  nodes: readonly NodeView[];
  /** How the nodes compared while a fault lasted, by the moment it began. */
  latencies: ReadonlyMap<number, LatencyView>;
};

const PAGE = 200;

export async function readTold(url: string, faults: readonly FaultLine[]): Promise<Told> {
  const slots = await pages<SlotsAnswer>(url, "slots");
  const reorgs = await pages<ReorgsAnswer>(url, "reorgs");
  const gaps = await pages<GapsAnswer>(url, "gaps");
  const votes = await pages<VotesAnswer>(url, "votes");
  const { nodes } = await ask<NodesAnswer>(`${url}/api/v1/nodes`);
  return {
    slots: slots.flatMap((page) => page.slots),
    reorgs: reorgs.flatMap((page) => page.reorgs),
    gaps: gaps.flatMap((page) => page.gaps),
    votes: votes.flatMap((page) => page.votes),
    nodes,
    latencies: await latenciesOf(url, faults),
  };
}

async function latenciesOf(url: string, faults: readonly FaultLine[]): Promise<Map<number, LatencyView>> {
  const latencies = new Map<number, LatencyView>();
  for (const start of faults.filter(({ kind }) => kind === "slow_start")) {
    const end = faults.find(({ kind, node, t_ms }) => kind === "slow_end" && node === start.node && t_ms > start.t_ms);
    if (end === undefined) continue;
    const query = `from=${Math.round(start.t_ms)}&to=${Math.round(end.t_ms)}`;
    latencies.set(start.t_ms, await ask<LatencyView>(`${url}/api/v1/latency?${query}`));
  }
  return latencies;
}

async function pages<Page extends { next_before: number | null }>(url: string, what: string): Promise<Page[]> {
  const found: Page[] = [];
  for (let before: number | null | undefined; before !== null; before = found.at(-1)?.next_before ?? null) {
    const query = new URLSearchParams({
      limit: String(PAGE),
      ...(before === undefined ? {} : { before: String(before) }),
    });
    found.push(await ask<Page>(`${url}/api/v1/${what}?${query}`));
  }
  return found;
}

export async function ask<Answer>(url: string): Promise<Answer> {
  const response = await fetch(url, { signal: AbortSignal.timeout(20_000) });
  if (response.ok) return (await response.json()) as Answer;
  throw new Error(`The monitor answered ${response.status} to ${url}: ${await response.text()}`);
}
