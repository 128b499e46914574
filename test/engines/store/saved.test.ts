import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from "vitest";
import { catalogue } from "../../../src/events/catalogue.ts";
import { systemClock } from "../../../src/lib/clock.ts";
import { silentLog } from "../../../src/lib/log.ts";
import { createSavedObjects } from "../../../src/serve/dashboards/saved-objects.ts";
import { createElasticStore } from "../../../src/store/elastic/elastic-store.ts";
import { elasticStoreSchema } from "../../../src/store/elastic/settings.ts";
import { startElasticsearch } from "../elasticsearch.ts";
import type { Engine } from "../engine.ts";
import { startOpenSearch } from "../opensearch.ts";

const LIMIT_MS = 600_000;
const ENGINES = ["opensearch", "elasticsearch"] as const;
const never = new AbortController().signal;
const clock = systemClock();

let engines: ReadonlyMap<string, Engine> = new Map();
beforeAll(async () => {
  const signal = AbortSignal.timeout(LIMIT_MS);
  engines = new Map([
    ["opensearch", await startOpenSearch(signal)],
    ["elasticsearch", await startElasticsearch(signal)],
  ]);
}, LIMIT_MS);
afterAll(async () => {
  for (const engine of engines.values()) await engine.stop();
});

vi.setConfig({ testTimeout: LIMIT_MS });

async function open(directory: string, url: string) {
  const settings = elasticStoreSchema.parse({ urls: [url] });
  const store = await createElasticStore({
    settings,
    directory,
    network: "savednet",
    datasets: catalogue,
    clock,
    log: silentLog,
  });
  onTestFinished(() => store.close());
  return { saved: createSavedObjects({ store, network: () => "savednet", clock }), close: store.close };
}

test.each(ENGINES)(
  "%s keeps saved objects over a restart, exactly, and hides those that were deleted",
  async (name) => {
    const directory = await mkdtemp(join(tmpdir(), "ethmon-saved-"));
    onTestFinished(() => rm(directory, { recursive: true, force: true }));
    const url = engines.get(name)?.url ?? "";
    const content = {
      "a.b": [1, null, { "": 1.5 }],
      empty: {},
      list: [],
      text: "\u0000 ünïcode 🦓 <script>",
      "%x%": true,
    };
    const object = (id: string) => ({
      kind: "panel" as const,
      id,
      title: id,
      description: "",
      index: "ethmon-slot-*",
      view: "table",
      panels: null,
      content,
    });
    const first = await open(directory, url);
    await first.saved.put(object("kept"), never);
    await first.saved.put(object("gone"), never);
    await first.saved.put({ ...object("grid"), kind: "dashboard", panels: ["kept", "other"] }, never);
    await first.saved.put({ ...object("kept"), title: "again" }, never);
    await first.saved.remove({ kind: "panel", id: "gone" }, never);
    await first.close();

    const { saved } = await open(directory, url);
    expect(await saved.list("panel", never)).toEqual([{ ...lineOf(object("kept")), title: "again" }]);
    expect(await saved.read({ kind: "panel", id: "kept" }, never)).toEqual(content);
    expect(await saved.read({ kind: "panel", id: "gone" }, never)).toBeUndefined();
    expect(await saved.usersOf("other", never)).toEqual(["grid"]);
  },
);

function lineOf<T extends { content: unknown }>({ content: _, ...line }: T): Omit<T, "content"> {
  return line;
}
