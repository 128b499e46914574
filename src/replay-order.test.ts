import fc from "fast-check";
import { expect, test } from "vitest";
import { createRecordingBuilder, type RecordingBuilder } from "../test/rigs/recording-builder.ts";
import { replay } from "./replay.ts";

let builder: RecordingBuilder = createRecordingBuilder();

test("the order in which headers arrive does not change the report", async () => {
  const slots = fc.array(fc.constantFrom("main", "side", "both", "none"), { minLength: 4, maxLength: 14 });
  const scenario = fc.record({
    slots,
    delays: fc.array(fc.integer({ min: 0, max: 90_000 }), { minLength: 40, maxLength: 40 }),
  });
  const build = (kinds: readonly string[], delayMs: (index: number) => number) => {
    builder = createRecordingBuilder();
    const tops = { main: "genesis", side: "genesis" };
    const told: { name: string; nodes: readonly string[] }[] = [];
    for (const [index, kind] of kinds.entries()) {
      for (const branch of ["main", "side"] as const) {
        if (kind !== branch && kind !== "both") continue;
        const name = `${branch} ${index + 1}`;
        builder.block(name, { slot: index + 1, parent: tops[branch] });
        tops[branch] = name;
        told.push({ name, nodes: branch === "main" ? ["n1", "n2"] : ["n3"] });
      }
    }
    for (const { name, nodes } of told) builder.see(name, nodes);
    const last = kinds.length + 1;
    builder.block("last", { slot: last, parent: tops.main });
    builder.see("last");
    const endMs = builder.startMs(last) + 90_000;
    for (const [index, { name }] of [...told, { name: "last" }].entries()) {
      const { slot } = builder.blocks.get(name) ?? { slot: 0 };
      builder.header(name, { atMs: Math.min(endMs, builder.startMs(slot) + 800 + delayMs(index)) });
    }
    builder.rest({ node: "n1", atMs: endMs + 1, path: "/eth/v1/node/peer_count", body: { data: { connected: "2" } } });
  };
  const reportOf = async () => {
    const directory = await builder.write();
    const report = await replay({ directory });
    await builder.remove();
    return report;
  };
  await fc.assert(
    fc.asyncProperty(scenario, async ({ slots: kinds, delays }) => {
      build(kinds, () => 0);
      const atOnce = await reportOf();
      build(kinds, (index) => delays[index] ?? 0);
      expect(await reportOf()).toEqual(atOnce);
      const abandoned = kinds.filter((kind) => kind === "side" || kind === "both").length;
      expect(atOnce.reorgs.map(({ depth, nodes }) => [depth, nodes])).toEqual(
        abandoned === 0 ? [] : [[abandoned, ["n3"]]],
      );
      expect(atOnce.missed).toEqual(
        kinds.flatMap((kind, index) => (kind === "none" && index >= firstTold(kinds) ? [index + 1] : [])),
      );
    }),
    {
      numRuns: 60,
      // An inferred parent is corrected while the way below the block that it named is not known yet.
      examples: [[{ slots: ["none", "none", "side", "none"], delays: [12_950, 700, ...Array(38).fill(0)] }]],
    },
  );
});

const firstTold = (kinds: readonly string[]) => {
  const first = kinds.findIndex((kind) => kind !== "none");
  return first === -1 ? kinds.length : first;
};
