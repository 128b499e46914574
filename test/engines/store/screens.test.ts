import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ServeRig } from "../../rigs/serve-rig.ts";
import { CHROMIUM, launchBrowser, openPage, SCREENS } from "../../web/browser.ts";
import { startElasticsearch } from "../elasticsearch.ts";
import type { Engine } from "../engine.ts";
import { startOpenSearch } from "../opensearch.ts";
import { type FilledStores, fillStores } from "./filled-stores.ts";
import { openRecording, RECORDINGS } from "./recordings.ts";

const WEB = fileURLToPath(new URL("../../../dist/web", import.meta.url));
const LIMIT_MS = 600_000;
const LOADED_WITHIN_MS = 60_000;
/** Where screenshots of the engines' pages go, for an eye on them; none are taken without it. */
const SCREENSHOTS = process.env["ETHMON_ENGINE_SCREENSHOTS"];

const missing = [
  ...(existsSync(CHROMIUM) ? [] : ["Chromium is missing: apt-get install chromium"]),
  ...(existsSync(join(WEB, "index.html")) ? [] : ["the web pages are not built: npm run build"]),
].join(", ");

/** The demo's recording: a late block, a partition with a reorg, labelled validators, and servers that send. */
const [DEMO = ""] = RECORDINGS;

/** Every page of the web, of what the recording tells. */
const PAGES = (filled: FilledStores): string[] => {
  const { nodes, labels } = filled.recording;
  return [
    "/",
    ...filled.slots.filter((slot) => slot % 6 === 4).map((slot) => `/slot/${slot}`),
    "/participation",
    "/blocks",
    "/latency",
    "/nodes",
    ...nodes.map((name) => `/nodes/${name}`),
    "/reorgs",
    "/validators",
    ...(labels?.groups ?? []).map(({ group }) => `/validators/${group}`),
  ];
};

describe.skipIf(missing !== "")(`the pages on a recording${missing === "" ? "" : ` (${missing})`}`, () => {
  let browser: Browser;
  let filled: FilledStores;
  const engines: Engine[] = [];
  const rigs = new Map<string, ServeRig>();
  beforeAll(async () => {
    const signal = AbortSignal.timeout(LIMIT_MS);
    engines.push(await startOpenSearch(signal), await startElasticsearch(signal));
    filled = await fillStores(await openRecording(DEMO), engines);
    for (const one of filled.stores) rigs.set(one.name, await filled.serve(one, { webDirectory: WEB }));
    browser = (await launchBrowser()) as Browser;
  }, LIMIT_MS);
  afterAll(async () => {
    await browser?.close();
    for (const rig of rigs.values()) await rig.close();
    await filled?.close();
    for (const engine of engines) await engine.stop();
  }, LIMIT_MS);

  test.each(["opensearch", "elasticsearch"])(
    "show the same text, figure by figure, on %s as embedded",
    { timeout: LIMIT_MS },
    async (name) => {
      const [embedded, cluster] = await Promise.all([openOn("embedded"), openOn(name)]);
      const paths = PAGES(filled);
      for (const path of paths) {
        await Promise.all([embedded.show(path), cluster.show(path)]);
        await expect
          .poll(async () => (await cluster.text()) === (await embedded.text()), { timeout: LOADED_WITHIN_MS })
          .toBe(true)
          .catch(() => undefined);
        const shown = await cluster.text();
        expect(shown, path).toBe(await embedded.text());
        expect(await cluster.problems(), path).toEqual([]);
        expect(shown.length, path).toBeGreaterThan(200);
        await cluster.shoot(`${name}${path.replaceAll("/", "-")}`);
      }
      expect(paths.length).toBeGreaterThan(15);
      expect([...embedded.errors, ...cluster.errors]).toEqual([]);
    },
  );

  async function openOn(name: string) {
    const [wide] = SCREENS;
    if (wide === undefined) throw new Error("There is no screen.");
    const { page, errors } = await openPage(browser, wide);
    const { url } = rigs.get(name) as ServeRig;
    await page.clock.setFixedTime(filled.clock.nowUs() / 1000);
    const waiting = new Set<unknown>();
    page.on("request", (request) => {
      if (/\/api\/v1\/(?!stream)/.test(request.url())) waiting.add(request);
    });
    page.on("requestfinished", (request) => waiting.delete(request));
    page.on("requestfailed", (request) => waiting.delete(request));
    const isIdle = async () => waiting.size === 0 && (await page.locator(".stale, [aria-busy=true]").count()) === 0;
    let shownBefore = "";
    /** Nothing is asked for, and nothing changes any more. */
    const isDone = async () => {
      const shown = await textOf(page);
      const isSame = shown === shownBefore;
      shownBefore = shown;
      return isSame && (await isIdle());
    };
    return {
      errors,
      async show(path: string) {
        await page.goto(`${url}${path}`);
        await page.locator("main h1, main h2, main [role=slider]").first().waitFor();
        await expect.poll(isIdle, { timeout: LOADED_WITHIN_MS }).toBe(true);
        await page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })");
        await expect.poll(isDone, { timeout: LOADED_WITHIN_MS, interval: 500 }).toBe(true);
      },
      problems: () => page.locator(".problem").allTextContents(),
      text: () => textOf(page),
      async shoot(file: string) {
        if (SCREENSHOTS === undefined) return;
        await mkdir(SCREENSHOTS, { recursive: true });
        await page.screenshot({ path: join(SCREENSHOTS, `${file}.png`), fullPage: true });
      },
    };
  }
});

/** All that can be read on a page, tables as they stand. */
async function textOf(page: Page): Promise<string> {
  return String(await page.evaluate("document.body.innerText"));
}
