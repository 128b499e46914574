import type { GapRecord, ReorgRecord, SlotRecord } from "../../src/events/derived.ts";
import type { GapsAnswer, NodesAnswer, NodeView, ReorgsAnswer, SlotsAnswer } from "../../src/serve/views.ts";

/** What the monitor says through its API. */
export type Told = {
  slots: readonly SlotRecord[];
  reorgs: readonly ReorgRecord[];
  gaps: readonly GapRecord[];
  nodes: readonly NodeView[];
};

const PAGE = 200;

export async function readTold(url: string): Promise<Told> {
  const slots = await pages<SlotsAnswer>(url, "slots");
  const reorgs = await pages<ReorgsAnswer>(url, "reorgs");
  const gaps = await pages<GapsAnswer>(url, "gaps");
  const { nodes } = await ask<NodesAnswer>(`${url}/api/v1/nodes`);
  return {
    slots: slots.flatMap((page) => page.slots),
    reorgs: reorgs.flatMap((page) => page.reorgs),
    gaps: gaps.flatMap((page) => page.gaps),
    nodes,
  };
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
