import fc from "fast-check";
import { expect, test } from "vitest";
import { type BuiltBlock, createRecordingBuilder, rootOf } from "../test/rigs/recording-builder.ts";
import type { ReplayReport } from "./measure/report.ts";
import { replay } from "./replay.ts";

/** What happened in a random network: a tree of blocks, and what each node saw and called head, when. */
type World = {
  nodes: readonly string[];
  blocks: readonly { name: string; slot: number; parent: string }[];
  sights: readonly { node: string; block: string; delayMs: number; head: boolean }[];
};

const DUE_MS = 2000;

const world: fc.Arbitrary<World> = fc
  .record({
    nodes: fc.integer({ min: 1, max: 5 }),
    blocks: fc.array(fc.record({ parent: fc.nat(), skipped: fc.constantFrom(0, 0, 0, 0, 1, 2, -1) }), {
      minLength: 1,
      maxLength: 14,
    }),
    sights: fc.array(
      fc.record({
        node: fc.nat(),
        block: fc.nat(),
        delayMs: fc.integer({ min: -500_000, max: 20_000_000 }),
        head: fc.boolean(),
      }),
      { minLength: 1, maxLength: 80 },
    ),
  })
  .map(({ nodes: count, blocks, sights }) => {
    const nodes = Array.from({ length: count }, (_, i) => `n${i + 1}`);
    const made: { name: string; slot: number; parent: string }[] = [];
    for (const [index, { parent, skipped }] of blocks.entries()) {
      // Mostly upon one of the last two, so that branches grow.
      const upon = made.at(-1 - (parent % 3));
      made.push({
        name: `b${index}`,
        slot: Math.max((upon?.slot ?? 0) + 1, (made.at(-1)?.slot ?? 0) + 1 + skipped),
        parent: upon?.name ?? "genesis",
      });
    }
    return {
      nodes,
      blocks: made,
      sights: sights.map(({ node, block, delayMs, head }) => ({
        node: nodes[node % count] ?? "n1",
        block: made[block % made.length]?.name ?? "b0",
        delayMs: delayMs / 1000,
        head,
      })),
    };
  });

/** DESIGN's "Replay report", said as plainly as it can be. */
function expected({ nodes, blocks, sights }: World) {
  const named = new Map(blocks.map((block) => [block.name, block]));
  const slotOf = (name: string) => named.get(name)?.slot ?? 0;
  const lineOf = (name: string): string[] => {
    const parent = named.get(name)?.parent;
    return parent === undefined ? [name] : [name, ...lineOf(parent)];
  };
  const momentOf = (sight: World["sights"][number]) => slotOf(sight.block) * 6000 + sight.delayMs;
  const inOrder = sights.toSorted((a, b) => momentOf(a) - momentOf(b));

  const heads = new Map<string, string>();
  const told = new Set<string>();
  const switches: { node: string; atMs: number; from: string; to: string }[] = [];
  for (const sight of inOrder.filter(({ head }) => head)) {
    const { node, block: to } = sight;
    const from = heads.get(node);
    // A head that the node told of before is an echo, since nothing else says here that it turned back.
    if (told.has(`${node} ${to}`)) continue;
    told.add(`${node} ${to}`);
    if (from === to || (from !== undefined && lineOf(from).includes(to))) continue;
    heads.set(node, to);
    if (from !== undefined) switches.push({ node, atMs: momentOf(sight), from, to });
  }

  const branches = new Map<
    string,
    { abandoned: string[]; ancestor: string; from: string; to: string; node: string }[]
  >();
  for (const { node, from, to } of switches) {
    const ancestor = lineOf(from).find((name) => lineOf(to).includes(name)) ?? "";
    const abandoned = lineOf(from).slice(0, lineOf(from).indexOf(ancestor));
    const first = abandoned.at(-1);
    if (first !== undefined)
      branches.set(first, [...(branches.get(first) ?? []), { abandoned, ancestor, from, to, node }]);
  }
  const reorgs = [...branches.values()].map((members) => {
    const deepest = members.reduce((a, b) => (b.abandoned.length > a.abandoned.length ? b : a));
    return {
      slot: slotOf(members[0]?.to ?? ""),
      depth: deepest.abandoned.length,
      nodes: [...new Set(members.map(({ node }) => node))].sort(),
      old_head: rootOf(deepest.from),
      new_head: rootOf(members[0]?.to ?? ""),
      common_ancestor: rootOf(deepest.ancestor),
    };
  });

  const held = [...heads.values()];
  const supportOf = (head: string) => held.filter((other) => lineOf(head).includes(other)).length;
  const best = held.toSorted(
    (a, b) => supportOf(b) - supportOf(a) || slotOf(b) - slotOf(a) || (rootOf(a) < rootOf(b) ? -1 : 1),
  )[0];
  const canonical = new Set(best === undefined ? [] : lineOf(best));

  const seen = new Set(sights.map(({ block }) => block));
  // The header of a block is answered with those of all blocks below it.
  const known = new Set([...seen].flatMap(lineOf));
  const slotsTold = [...seen].map(slotOf);
  const lowest = Math.min(...slotsTold);
  const slots = Array.from({ length: Math.max(...slotsTold) - lowest + 1 }, (_, i) => lowest + i).map((slot) => {
    const of = blocks.filter((block) => block.slot === slot && known.has(block.name));
    const delayOf = (name: string) =>
      Math.min(...sights.filter(({ block }) => block === name).map(({ delayMs }) => delayMs));
    const compare = (a: string, b: string) =>
      delayOf(a) === delayOf(b) ? (rootOf(a) < rootOf(b) ? -1 : 1) : delayOf(a) - delayOf(b);
    const earliest = of.toSorted((a, b) => compare(a.name, b.name));
    const main = of.find(({ name }) => canonical.has(name)) ?? earliest[0];
    const seenMs = Object.fromEntries(
      nodes.flatMap((node) => {
        const own = sights.filter((sight) => sight.node === node && sight.block === main?.name);
        return own.length === 0 ? [] : [[node, Math.min(...own.map(({ delayMs }) => delayMs))]];
      }),
    );
    return {
      slot,
      status: of.some(({ name }) => canonical.has(name)) ? "proposed" : of.length > 0 ? "orphaned" : "missed",
      block_root: main === undefined ? null : rootOf(main.name),
      parent_root: main === undefined ? null : rootOf(main.parent),
      seen_ms: seenMs,
      delay_ms: Object.keys(seenMs).length === 0 ? null : Math.min(...Object.values(seenMs)),
      late: of.some(({ name }) => seen.has(name)) && delayOf(earliest[0]?.name ?? "") > DUE_MS,
    };
  });
  const orphaned = blocks
    .filter(
      ({ name, slot }) => known.has(name) && !canonical.has(name) && slot >= lowest && slot <= Math.max(...slotsTold),
    )
    .map(({ name, slot }) => {
      const by = sights.filter(({ block }) => block === name).map(({ node }) => node);
      return { slot, block_root: rootOf(name), nodes: [...new Set(by)].sort() };
    })
    .sort((a, b) => a.slot - b.slot || (a.block_root < b.block_root ? -1 : 1));
  return { slots, reorgs: sorted(reorgs), orphaned };
}

const sorted = <R extends { slot: number; new_head: string; old_head: string }>(reorgs: readonly R[]): R[] =>
  reorgs.toSorted(
    (a, b) => a.slot - b.slot || a.new_head.localeCompare(b.new_head) || a.old_head.localeCompare(b.old_head),
  );

async function reportOf({ nodes, blocks, sights }: World): Promise<ReplayReport> {
  const builder = createRecordingBuilder({ nodes });
  for (const { name, slot, parent } of blocks) builder.block(name, { slot, parent });
  const parentOf = ({ parentRoot }: BuiltBlock) => builder.blocks.values().find(({ root }) => root === parentRoot);
  builder.open(nodes);
  // Headers are there before anything is seen: what is not known yet is another test's.
  const known = new Set<string>();
  for (const { block } of sights) {
    for (let at = builder.blocks.get(block); at !== undefined; at = parentOf(at)) known.add(at.name);
  }
  for (const name of known) builder.header(name, { atMs: builder.startMs(0) - 5000, node: nodes[0] ?? "n1" });
  for (const { node, block, delayMs, head } of sights) {
    builder.see(block, [node], { gossip: head ? null : delayMs, import: null, head: head ? delayMs : null });
  }
  try {
    return await replay({ directory: await builder.write() });
  } finally {
    await builder.remove();
  }
}

test("the report of a random network is what a plain reading of its definition gives", async () => {
  await fc.assert(
    fc.asyncProperty(world, async (random) => {
      const moments = random.sights.map(
        ({ block, delayMs }) => (random.blocks.find(({ name }) => name === block)?.slot ?? 0) * 6000 + delayMs,
      );
      fc.pre(new Set(moments).size === moments.length && random.sights.some(({ head }) => head));
      const report = await reportOf(random);
      const { slots, reorgs, orphaned } = expected(random);
      expect(sorted(report.reorgs)).toEqual(reorgs);
      expect(report.slots.map(({ proposer, ...slot }) => slot)).toEqual(slots);
      expect(report.orphaned).toEqual(orphaned);
      expect(report.missed).toEqual(slots.filter(({ status }) => status === "missed").map(({ slot }) => slot));
      expect(report.late).toEqual(slots.filter(({ late }) => late).map(({ slot }) => slot));
      expect(report.events).toBe(random.sights.length);
    }),
    { numRuns: 300 },
  );
});
