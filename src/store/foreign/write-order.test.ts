import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createForeignRig, itemOf } from "../../../test/rigs/foreign-rig.ts";
import { createMemoryTables } from "../../../test/rigs/memory-tables.ts";
import type { ForeignItem, JsonObject } from "../../events/foreign.ts";

describe("many requests", () => {
  it("at once are written together, and one index does not wait for another", async () => {
    const rig = createForeignRig({ memory: createMemoryTables({ journalMs: 20 }) });
    const requests = Array.from({ length: 40 }, (_, n) =>
      rig.sink.write([itemOf("index", "a", { n }), itemOf("index", "b", { n })]),
    );
    const outcomes = (await Promise.all(requests)).flat();
    expect(new Set(outcomes.map(({ _seq_no }) => _seq_no)).size).toBe(80);
    expect(rig.tables.appends.length).toBeLessThanOrEqual(8);
    expect(rig.sink.counts()).toEqual({ waiting: 0, written: 80, refused: 0, dropped: 0 });
  });

  it("beyond what may wait are told to come again", async () => {
    const rig = createForeignRig();
    const items = Array.from({ length: 30_000 }, (_, n) => itemOf("index", "a", { n }));
    const first = rig.sink.write(items);
    expect(rig.sink.full()).toBe(true);
    const [refused] = await rig.sink.write(items);
    expect(refused).toMatchObject({ status: 429, error: { type: "es_rejected_execution_exception" } });
    expect((await first).every(({ status }) => status === 201)).toBe(true);
    expect(rig.sink.full()).toBe(false);
  });
});

describe("any operations on few ids", () => {
  type Model = { version: number; source: JsonObject; exists: boolean; wasDeleted: boolean };
  const operation = fc.record({
    action: fc.constantFrom<ForeignItem["action"]>("index", "create", "update", "delete"),
    id: fc.constantFrom("a", "b", "c"),
    source: fc.record({ n: fc.integer({ min: 0, max: 3 }), m: fc.constantFrom("x", "y") }, { requiredKeys: [] }),
    docAsUpsert: fc.boolean(),
  });
  type Operation = { action: ForeignItem["action"]; id: string; source: object; docAsUpsert: boolean };

  /** One after the other, as Elasticsearch would. */
  function expected(model: Map<string, Model>, { action, id, source, docAsUpsert }: Operation): string {
    const before = model.get(id);
    const put = (document: object, result: string) => {
      const version = (before?.version ?? 0) + 1;
      model.set(id, { version, source: { ...document }, exists: true, wasDeleted: before?.wasDeleted ?? false });
      return result;
    };
    const exists = before?.exists === true;
    if (action === "index") return put(source, exists ? "updated" : "created");
    if (action === "create") return exists ? "version_conflict_engine_exception" : put(source, "created");
    if (action === "delete") {
      const version = (before?.version ?? 0) + 1;
      if (!exists) {
        model.set(id, { version, source: {}, exists: false, wasDeleted: true });
        return "not_found";
      }
      model.set(id, { ...before, version: before.version + 1, exists: false, wasDeleted: true });
      return "deleted";
    }
    if (!exists) return docAsUpsert ? put(source, "created") : "document_missing_exception";
    const after = { ...before.source, ...source };
    const isSame =
      Object.keys(source).every((key) => Object.hasOwn(before.source, key)) &&
      JSON.stringify(after) === JSON.stringify(before.source);
    return isSame ? "noop" : put(after, "updated");
  }

  it("end as if they had come one after the other, whatever memory forgets and however often the process is killed", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(fc.array(operation, { minLength: 1, maxLength: 5 }), { minLength: 1, maxLength: 3 }), {
          maxLength: 4,
        }),
        fc.constantFrom(1, 500, 1_000_000),
        async (runs, knownBytes) => {
          const model = new Map<string, Model>();
          let rig = createForeignRig({ knownBytes });
          for (const requests of runs) {
            const told = await Promise.all(
              requests.map((operations) =>
                rig.sink.write(
                  operations.map(({ action, source, ...more }) => itemOf(action, "few", source as JsonObject, more)),
                ),
              ),
            );
            for (const [at, operations] of requests.entries()) {
              for (const [place, each] of operations.entries()) {
                const outcome = told[at]?.[place];
                const exists = rig.tables.journal.indices.has("few");
                const isBefore = each.action === "delete" && !exists;
                if (isBefore || outcome?.error?.type === "index_not_found_exception") {
                  expect(each.action).toBe("delete");
                  expect([...model.values()].some((entry) => entry.exists && entry === model.get(each.id))).toBe(false);
                  continue;
                }
                const before = model.get(each.id);
                const result = expected(model, each);
                expect(outcome?.result ?? outcome?.error?.type).toBe(result);
                if (before?.wasDeleted !== true && outcome?.result !== undefined && result !== "not_found") {
                  expect(outcome._version).toBe(model.get(each.id)?.version);
                }
              }
            }
            for (const [id, { exists, source }] of model) {
              const found = rig.tables.journal.indices.has("few")
                ? await rig.sink.get({ index: "few", id })
                : undefined;
              expect(found?.source).toEqual(exists ? source : undefined);
            }
            rig = rig.restarted();
          }
        },
      ),
      { numRuns: 60 },
    );
  });
});
