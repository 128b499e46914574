import { expect, test } from "vitest";
import { newDirectory, openStore } from "./store-rig.ts";
import { put, streamOf } from "./wide-rig.ts";

test("documents of several kinds that come in turn are stored side by side, and found in the order in which they came", async () => {
  const store = await openStore(newDirectory());
  const stream = streamOf({ cpu: "double", "load.one": "double", line: "keyword", number: "long" });
  const kinds = [
    (number: number) => ({ number, cpu: number / 8 }),
    (number: number) => ({ number, load: { one: number / 4 } }),
    (number: number) => ({ line: `line ${number}`, number }),
  ];
  const sources = Array.from({ length: 6_001 }, (_, number) => kinds[number % kinds.length]?.(number) ?? {});
  await put(store, stream, sources);
  const found: unknown[] = [];
  for (let after: number | undefined; found.length < sources.length; ) {
    const { hits } = await store.search(stream.name, {
      size: 5_000,
      sort: ["_seq"],
      ...(after === undefined ? {} : { search_after: [after] }),
    });
    found.push(...hits.hits.map(({ _source }) => _source));
    after = Number(hits.hits.at(-1)?.sort?.[0]);
  }
  expect(found).toEqual(sources);
  const { aggregations } = await store.search(stream.name, {
    size: 0,
    aggs: { cpu: { sum: { field: "cpu" } }, lines: { value_count: { field: "line" } } },
  });
  const cpus = sources.flatMap((source) => ("cpu" in source ? [Number(source.cpu)] : []));
  expect(aggregations).toEqual({
    cpu: { value: cpus.reduce((sum, one) => sum + one, 0) },
    lines: { value: 2_000 },
  });
});
