import type { FaultLine } from "../../devnet/fault-log.ts";
import type { DevNode } from "../../devnet/network.ts";
import { cutsOf } from "../e2e/compare.ts";
import type { Outcome } from "../e2e/outcome.ts";
import { STAMP_TOLERANCE_MS, type TrueSlot, type Truth } from "../e2e/truth.ts";
import { until } from "./checks.ts";
import { expect, type Page } from "./expect.ts";

/** What the grid calls a slot; a block that came about when attestations were due may be called late or not. */
function looksOf({ status, lateness }: TrueSlot): string[] {
  if (status !== "proposed") return [status];
  return [...(lateness === "late" ? [] : ["proposed"]), ...(lateness === "timely" ? [] : ["proposed late"])];
}

/** The live page calls every slot what it was, and its list of what happened holds each fault and nothing else. */
export async function checkHappened(page: Page, truth: Truth, faults: readonly FaultLine[]): Promise<void> {
  await page.locator(".grid-panel summary").click();
  const rows = page.locator(".grid-panel tbody tr");
  let different = "";
  await until(
    async () => {
      const texts = (await rows.allInnerTexts()).map((text) => text.split("\t"));
      const looks = new Map(texts.map(([slot, , look = ""]) => [Number(slot), look.trim()]));
      const wrong = truth.slots.find((slot) => !looksOf(slot).includes(looks.get(slot.slot) ?? ""));
      different = `${wrong?.slot} ${looks.get(wrong?.slot ?? -1)}`;
      return wrong === undefined;
    },
    () => `the grid calls slot ${different}`,
  );
  await page.locator(".grid-panel summary").click();

  const titles = (await page.locator(".incident-title").allTextContents()).map((title) => title.trim());
  const told = (pattern: RegExp) =>
    titles.flatMap((title) => {
      const slot = Number(pattern.exec(title)?.[1] ?? Number.NaN);
      return slot >= truth.firstSlot && slot <= truth.lastSlot ? [slot] : [];
    });
  const slots = (holds: (slot: TrueSlot) => boolean) => truth.slots.filter(holds).map(({ slot }) => slot);
  const near = slots(({ lateness }) => lateness === "near");
  const settled = (found: readonly number[]) => found.filter((slot) => !near.includes(slot));
  same("late", settled(told(/^Slot (\d+) late, [\d.]+ s$/)), slots(isLate));
  same(
    "missed",
    told(/^Slot (\d+) missed$/),
    slots(({ status }) => status === "missed"),
  );
  same(
    "orphaned",
    told(/^Slot (\d+)(?: late by [\d.]+ s and)? orphaned$/),
    slots(({ status }) => status === "orphaned"),
  );
  same(
    "left",
    told(/^Reorg of \d+ blocks?, slots? (\d+)(?:–\d+)? left$/),
    truth.reorgs.map(({ slot }) => slot),
  );
  const cut = cutsOf(faults).map(({ node }) => node);
  const lost = titles.flatMap((title) => /^(.+): no events for /.exec(title)?.[1] ?? []);
  expect(lost.toSorted().join() === cut.toSorted().join(), `gaps are told of ${lost.join(", ") || "no node"}`);
}

const isLate = ({ status, lateness }: TrueSlot) => status === "proposed" && lateness === "late";

function same(what: string, found: readonly number[], expected: readonly number[]): void {
  const text = (slots: readonly number[]) => slots.toSorted((a, b) => a - b).join(", ") || "none";
  expect(text(found) === text(expected), `as ${what} are told: ${text(found)}; it was: ${text(expected)}`);
}

/** The slot's page names its status and block, and when each node had it, as the witness saw it. */
export async function checkHappenedSlot(page: Page, slot: TrueSlot, { truth }: Outcome): Promise<void> {
  await page.getByRole("heading", { name: `Slot ${slot.slot}` }).waitFor();
  const status = page.locator(".slot-status");
  await status.waitFor();
  const words = (await status.textContent()) ?? "";
  expect(
    looksOf(slot).some((look) => words.startsWith(look)),
    `slot ${slot.slot} is called ${words} and was ${looksOf(slot).join(" or ")}`,
  );
  if (slot.root === null) return;
  await page.locator(`.slot-facts [title="${slot.root}"]`).waitFor();
  const seen = truth.sightings.filter(({ root }) => root === slot.root);
  for (const node of new Set(seen.map((sighting) => sighting.node))) {
    const atMs = Math.min(...seen.filter((sighting) => sighting.node === node).map((sighting) => sighting.atMs));
    const row = page.locator(".node-slots tbody tr", { hasText: node });
    const cells = await row.locator("td").allTextContents();
    const toldMs = cells.slice(0, 3).flatMap((cell) => (/^−?[\d.]+ s$/.test(cell) ? [secondsOf(cell) * 1000] : []));
    const startMs = await beginsMs(page);
    const differenceMs = Math.abs(Math.min(...toldMs) + startMs - atMs);
    expect(
      differenceMs <= STAMP_TOLERANCE_MS,
      `slot ${slot.slot} on ${node}: ${cells.slice(0, 3).join(", ")}; by the witness ${atMs - startMs} ms`,
    );
  }
}

const secondsOf = (cell: string) => Number(cell.replace(" s", "").replace("−", "-"));

async function beginsMs(page: Page): Promise<number> {
  const text = (await page.locator(".slot-facts dd").first().textContent()) ?? "";
  return Date.parse(text.replace(" UTC", "Z").replace(" ", "T"));
}

/** Every node streams again, and the check says of each what it says of itself. */
export async function checkTakenNodes(page: Page, nodes: readonly DevNode[]): Promise<void> {
  const streaming = page.locator(".node-card .state.streaming");
  await until(async () => (await streaming.count()) === nodes.length, "not every node streams again");
  const checked = page.locator(".checked-nodes > li");
  await until(async () => (await checked.count()) === nodes.length, "not every node was checked");
  for (const { name, url } of nodes) {
    const text = (await checked.filter({ hasText: name }).textContent()) ?? "";
    const version = await versionOf(url);
    for (const word of ["in sync", version]) expect(text.includes(word), `${word} is not said of ${name}: ${text}`);
    const saysTopics = (await takesAnything(url)) ? /It takes topics that do not exist/ : /\d+ of \d+ topics/;
    expect(saysTopics.test(text), `the topics of ${name} are not told: ${text}`);
  }
  const clock = page.locator(".clock-figures");
  await until(
    async () => /[\d.]+ ms (?:ahead|behind)± [\d.]+ ms, by 127/.test((await clock.textContent()) ?? ""),
    "the clock was not compared",
  );
}

/** Each cut of the monitor's link is a gap of its node, of the cut's length at least. */
export async function checkGaps(page: Page, faults: readonly FaultLine[]): Promise<void> {
  const cuts = cutsOf(faults);
  const rows = page.locator(".gaps tbody tr");
  await until(async () => (await rows.count()) === cuts.length, `there are not ${cuts.length} gaps`);
  for (const { node, fromMs, toMs } of cuts) {
    const text = (await page.locator(".gaps tbody tr", { hasText: node }).textContent()) ?? "";
    const lastedS = Number(/UTC([\d.]+) s/.exec(text)?.[1]);
    expect(lastedS * 1000 >= Math.floor((toMs - fromMs - STAMP_TOLERANCE_MS) / 1000) * 1000, `the gap says: ${text}`);
  }
  expect(/closed its event stream|stream broke/.test((await rows.allTextContents()).join()), "no gap says its cause");
}

async function versionOf(url: string): Promise<string> {
  const response = await fetch(`${url}/eth/v1/node/version`);
  return ((await response.json()) as { data: { version: string } }).data.version;
}

/** Whether a node takes a topic that does not exist: one that refuses it says so at once, another says nothing. */
async function takesAnything(url: string): Promise<boolean> {
  const limit = AbortSignal.timeout(2_000);
  try {
    const { ok, body } = await fetch(`${url}/eth/v1/events?topics=ethmon_no_such_topic`, { signal: limit });
    await body?.cancel();
    return ok;
  } catch (error) {
    if (limit.aborted) return true;
    throw error;
  }
}
