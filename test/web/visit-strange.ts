import { fileURLToPath } from "node:url";
import type { Browser } from "playwright-core";
import type { Panel } from "../../src/panels/panel.ts";
import { publicSchema } from "../../src/serve/public/schema.ts";
import { line } from "../rigs/host-documents.ts";
import { dashboardOf, shippedOf, slotsPanel } from "../rigs/panel-fixtures.ts";
import { network, slotDocument, slotRecord, slotStartMs } from "../rigs/serve-fixtures.ts";
import { type ServeRig, startServeRig } from "../rigs/serve-rig.ts";
import { openPage, SCREENS, type Screen } from "./browser.ts";
import { checkAccessibility, checkWidth, open, until } from "./checks.ts";
import { expect, type Page } from "./expect.ts";

const WEB = fileURLToPath(new URL("../../dist/web", import.meta.url));
const NOW_SLOT = 60;
const NOW_MS = slotStartMs(NOW_SLOT) + 2000;
const MEGABYTE = 1_000_000;
const SCRIPT = `<script>document.title="taken"</script><img src=x onerror='document.title="taken"'>`;
const COLOURED = "\u001b[31;1mERROR\u001b[0m could not \u202eesrever";
const QUOTED = `say "hi" \\ there`;
/** What the browser itself tells of answers that a check provokes. */
const PROVOKED = /status of (?:400|404|422|429|504)/;

/** A monitor whose log lines and panels were written by strangers, and one that anyone may look at. */
export async function visitStrange(browser: Browser): Promise<void> {
  const rig = await startServeRig(rigOptions());
  try {
    for (const screen of SCREENS) await visitLines(browser, rig, screen);
  } finally {
    await rig.close();
  }
  const shown = await startServeRig({
    ...rigOptions(),
    config: { webDirectory: WEB, public: publicSchema.parse({ cache_seconds: 0 }) },
  });
  try {
    for (const screen of SCREENS) await visitPublic(browser, shown, screen);
  } finally {
    await shown.close();
  }
  await visitSlow(browser);
}

function rigOptions() {
  return {
    documents: Array.from({ length: NOW_SLOT }, (_, slot) => slotDocument(slotRecord(slot))),
    foreign: [{ index: "filebeat-9.1.0", kind: "stream" as const, documents: lines() }],
    source: { network: () => ({ ...network, now_ms: NOW_MS }), nodes: () => [] },
    shipped: shippedOf(PANELS, [
      dashboardOf(
        "strange",
        PANELS.map(({ id }) => id),
        { title: SCRIPT.slice(0, 100), time: { from: "now-1h", to: "now" }, refresh_s: 0 },
      ),
    ]),
    nowMs: NOW_MS,
    config: { webDirectory: WEB },
  };
}

function lines() {
  const at = (slot: number) => ({ atMs: slotStartMs(slot), host: "n1.example" });
  return [SCRIPT, COLOURED, QUOTED, "x".repeat(MEGABYTE)].map((message, index) =>
    line(at(50 + index), { client: "lighthouse", level: "error", message }),
  );
}

const BY_MESSAGE = {
  index: "filebeat-*",
  body: { size: 10, sort: [{ "@timestamp": "desc" }] },
};
const OVER_TIME = {
  index: "ethmon-slot-{network}",
  body: { size: 0, aggs: { t: { terms: { field: "ethereum.slot" } } } },
};

function chart(id: string, title: string, spec: object): Panel {
  return slotsPanel(id, {
    title,
    request: OVER_TIME,
    view: { kind: "vega-lite", property: "aggregations.t.buckets", spec: spec as never },
  });
}

const XY = { x: { field: "key", type: "ordinal" }, y: { field: "doc_count", type: "quantitative" } };
const PANELS: readonly Panel[] = [
  slotsPanel("lines", {
    title: "Lines",
    request: BY_MESSAGE,
    view: {
      kind: "table",
      property: "hits.hits",
      columns: [{ title: "Message", path: "_source.message", format: "text" }],
    },
  }),
  slotsPanel("line-chart", {
    title: "Chart of lines",
    request: BY_MESSAGE,
    view: {
      kind: "vega-lite",
      property: "hits.hits",
      spec: { mark: "bar", encoding: { y: { field: "_source.message", type: "nominal" } } },
    },
  }),
  chart("throws", "Throws", { mark: "bar", transform: [{ calculate: "nonsense(datum)", as: "a" }], encoding: XY }),
  chart("loads", "Loads", {
    layer: [
      { mark: { type: "image", url: "https://example.org/a.png" }, encoding: XY },
      { data: { url: "https://example.org/data.json" }, mark: "point", encoding: XY },
    ],
  }),
  slotsPanel("no-field", {
    title: "No such field",
    request: {
      index: "ethmon-slot-{network}",
      body: { size: 0, aggs: { status: { avg: { field: "ethereum.status" } } } },
    },
  }),
  slotsPanel("no-index", { title: "Empty index", request: { index: "nothing-*", body: { size: 0 } } }),
  slotsPanel("too-large", {
    title: "Too large",
    request: { index: "ethmon-slot-{network}", body: { size: 20_000 } },
  }),
  slotsPanel("fine", { title: "Fine", variables: {} }),
];

async function visitLines(browser: Browser, rig: ServeRig, screen: Screen): Promise<void> {
  const { page, errors } = await openPage(browser, screen);
  const elsewhere: string[] = [];
  page.on("request", (request) => {
    if (!request.url().startsWith(rig.url) && !request.url().startsWith("blob:")) elsewhere.push(request.url());
  });
  await open(page, `${rig.url}/dashboards/strange`);
  await checkPanels(page);
  await checkWidth(page);
  await checkAccessibility(page);
  await open(page, `${rig.url}/explore?index=filebeat-*&from=now-1h&to=now&column=message`);
  await checkLines(page);
  await checkWidth(page);
  await checkAccessibility(page);
  const title = await page.title();
  expect(!title.includes("taken"), "a script of a log line ran");
  expect(elsewhere.length === 0, `the pages asked elsewhere: ${elsewhere.join(" ")}`);
  const others = errors.filter((error) => !PROVOKED.test(error));
  expect(others.length === 0, `the console shows errors:\n${others.join("\n")}`);
  await page.close();
  process.stdout.write(`strange, ${screen.theme} ${screen.name}: what strangers write is shown as text.\n`);
}

/** Each panel says in its place what is wrong with it; the one that is fine is shown. */
async function checkPanels(page: Page): Promise<void> {
  const panel = (name: string) => page.getByRole("region", { name, exact: true });
  const told = async (name: string, words: string) => {
    await panel(name).scrollIntoViewIfNeeded();
    await panel(name).locator(".panel-trouble", { hasText: words }).waitFor();
  };
  await panel("Lines").getByText(SCRIPT).waitFor();
  await panel("Chart of lines").locator("canvas").first().waitFor();
  await told("Throws", "The chart's specification cannot be drawn");
  await told("Loads", "The chart's specification cannot be drawn");
  await told("No such field", "ethereum.status");
  await told("Empty index", "No data in this range");
  await told("Too large", "20000");
  await panel("Fine").scrollIntoViewIfNeeded();
  await panel("Fine").getByText("proposed").waitFor();
}

/** Markup is text, colours are gone, what turns the writing is seen, a megabyte is cut until it is asked for. */
async function checkLines(page: Page): Promise<void> {
  const table = page.locator(".hits tbody");
  await table.getByText(SCRIPT).waitFor();
  await table.getByText("ERROR could not <U+202E>esrever").waitFor();
  const whole = table.locator(".told-text", { hasText: "xxxx" });
  expect(((await whole.textContent()) ?? "").length < 1000, "a megabyte is shown at once");
  await whole.getByRole("button", { name: "Show all (1.0 MB)" }).click();
  await until(async () => ((await whole.textContent()) ?? "").length > MEGABYTE, "not all of the line is shown");
  await whole.getByRole("button", { name: "Show less" }).click();
  const row = page.locator(".hits tbody tr", { hasText: "say" });
  await row.getByRole("button", { name: /^Document/ }).click();
  await page.getByRole("button", { name: /^Only with message say/ }).click();
  await until(
    async () => (await page.locator(".found h2").textContent()) === "1 document",
    "a quoted value finds nothing",
  );
  await page.getByRole("button", { name: /^Remove the filter/ }).click();
}

/** In public nothing is offered that is refused, and nothing refused is asked for. */
async function visitPublic(browser: Browser, rig: ServeRig, screen: Screen): Promise<void> {
  const { page, errors } = await openPage(browser, screen);
  await open(page, `${rig.url}/dashboards`);
  await page.getByRole("link", { name: SCRIPT.slice(0, 100) }).click();
  await page.locator(".board-panel").first().waitFor();
  await page.getByRole("region", { name: "Lines" }).getByText(SCRIPT).waitFor();
  expect((await page.getByRole("link", { name: /edit/i }).count()) === 0, "something can be edited in public");
  await page.getByRole("button", { name: "Menu of Lines" }).click();
  await page.getByRole("button", { name: "Query" }).click();
  expect((await page.getByRole("button", { name: "Run it" }).count()) === 0, "a query can be run in public");
  await page.getByRole("button", { name: "Close" }).click();
  const rail = page.getByRole("navigation", { name: "Screens" });
  expect((await rail.getByRole("link", { name: "Validators" }).count()) === 0, "the rail leads to your validators");
  await rail.getByRole("link", { name: "Explore" }).click();
  await page.getByText("No search was saved").waitFor();
  await checkWidth(page);
  await checkAccessibility(page);
  await open(page, `${rig.url}/explore/sql`);
  await page.getByText("There is no SQL here").waitFor();
  await open(page, `${rig.url}/dashboards/new`);
  await page.getByText("Nothing can be changed here").first().waitFor();
  await open(page, `${rig.url}/slot/50`);
  await page.getByRole("heading", { name: "Slot 50" }).waitFor();
  await open(page, `${rig.url}/nodes`);
  await page.getByText("No node is configured").waitFor();
  const others = errors.filter((error) => !PROVOKED.test(error));
  expect(others.length === 0, `the console shows errors:\n${others.join("\n")}`);
  await page.close();
  process.stdout.write(`public, ${screen.theme} ${screen.name}: only what is answered is offered.\n`);
}

/** Where a panel's request may take no time at all, the panel says so. */
async function visitSlow(browser: Browser): Promise<void> {
  const rig = await startServeRig({
    ...rigOptions(),
    config: { webDirectory: WEB, public: publicSchema.parse({ query_ms: 1 }) },
  });
  try {
    const { page } = await openPage(browser, SCREENS[0] as Screen);
    await open(page, `${rig.url}/dashboards/strange`);
    await page.locator(".panel-trouble", { hasText: "The query took too long" }).first().waitFor();
    await page.close();
  } finally {
    await rig.close();
  }
}
