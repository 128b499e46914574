import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { expect, onTestFinished, test } from "vitest";
import { catalogue } from "../../events/catalogue.ts";
import type { SavedKind } from "../../events/saved.ts";
import { systemClock } from "../../lib/clock.ts";
import { silentLog } from "../../lib/log.ts";
import { createEmbeddedStore } from "../../store/embedded/embedded-store.ts";
import { createSavedObjects, type SavedLimits } from "./saved-objects.ts";

const never = new AbortController().signal;
const clock = systemClock();

function newDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), "ethmon-saved-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

async function open(directory: string, limits?: SavedLimits) {
  const store = await createEmbeddedStore({
    directory,
    network: "testnet",
    datasets: catalogue,
    clock,
    log: silentLog,
    commitEveryMs: 1,
  });
  onTestFinished(() => store.close());
  const saved = createSavedObjects({
    store,
    network: () => "testnet",
    clock,
    ...(limits === undefined ? {} : { limits }),
  });
  return { saved, close: store.close };
}

const object = (kind: SavedKind, id: string, content: unknown) => ({
  kind,
  id,
  title: id,
  description: "",
  index: null,
  view: null,
  panels: null,
  content,
});

test("what is saved is there after a restart, and what was deleted is not", async () => {
  const directory = newDirectory();
  const first = await open(directory);
  await first.saved.put(object("panel", "kept", { a: 1 }), never);
  await first.saved.put(object("panel", "gone", { a: 2 }), never);
  await first.saved.put(object("search", "kept", { a: 3 }), never);
  await first.saved.remove({ kind: "panel", id: "gone" }, never);
  await first.close();

  const { saved } = await open(directory);
  expect((await saved.list("panel", never)).map(({ id }) => id)).toEqual(["kept"]);
  expect(await saved.read({ kind: "panel", id: "kept" }, never)).toEqual({ a: 1 });
  expect(await saved.read({ kind: "search", id: "kept" }, never)).toEqual({ a: 3 });
  expect(await saved.read({ kind: "panel", id: "gone" }, never)).toBeUndefined();
  await saved.put(object("panel", "gone", { a: 4 }), never);
  expect(await saved.read({ kind: "panel", id: "gone" }, never)).toEqual({ a: 4 });
});

test("any JSON comes back as it was saved", async () => {
  const { saved } = await open(newDirectory());
  await fc.assert(
    fc.asyncProperty(fc.dictionary(fc.string(), fc.jsonValue()), async (content) => {
      const json = JSON.parse(JSON.stringify(content));
      await saved.put(object("dashboard", "any", json), never);
      expect(await saved.read({ kind: "dashboard", id: "any" }, never)).toEqual(json);
    }),
    { numRuns: 30 },
  );
});

test("only so many are kept and so many ids used; one that is known is always replaced", async () => {
  const { saved } = await open(newDirectory(), { kept: 2, used: 3 });
  const put = (id: string) =>
    saved.put(object("panel", id, { id }), never).then(
      () => "saved",
      (error: { code: string; message: string }) => `${error.code}: ${error.message}`,
    );
  // At the same time, too: what was counted holds until the next is written.
  const outcomes = await Promise.all(["a", "b", "c"].map(put));
  expect(outcomes).toEqual(["saved", "saved", expect.stringMatching(/^saved_full: .*2 are saved/)]);
  expect(await put("a")).toBe("saved");
  expect(await saved.put(object("search", "c", {}), never)).toBeUndefined();
  for (const id of ["a", "b"]) await saved.remove({ kind: "panel", id }, never);
  expect(await put("c")).toBe("saved");
  expect(await put("d")).toMatch(/^saved_full: .*3 ids were used/);
  expect(await put("b")).toBe("saved");
});
