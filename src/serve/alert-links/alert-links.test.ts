import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { alertDocument, alertRecord } from "../../../test/rigs/alert-fixtures.ts";
import { createFakeDesk } from "../../../test/rigs/fake-desk.ts";
import { slotStartMs } from "../../../test/rigs/serve-fixtures.ts";
import { type ServeRig, startServeRig } from "../../../test/rigs/serve-rig.ts";
import type { LinkDeed } from "../../alert/send/links.ts";
import { systemClock } from "../../lib/clock.ts";
import { Fault } from "../../lib/fault.ts";
import { createAccess } from "../access/access.ts";
import { createKeyStore } from "../access/key-store.ts";
import { publicSchema } from "../public/schema.ts";
import type { AlertLinks } from "./link-port.ts";

const open = alertRecord(7, { title: 'Late <b>block</b> & "more"', text: "It came <script>late</script>." });
const over = alertRecord(8, { state: "over", until_ms: slotStartMs(9) });
const DEEDS: Readonly<Record<string, LinkDeed>> = {
  acknowledge: { kind: "acknowledge", alert: open.id, by: "me@a.example" },
  late: { kind: "acknowledge", alert: over.id, by: null },
  gone: { kind: "acknowledge", alert: "none/1/2", by: null },
  unsubscribe: { kind: "unsubscribe", address: "me@a.example", rule: "late-blocks" },
};

const unsubscribed: object[] = [];
const acknowledged: string[] = [];
const links: AlertLinks = {
  read(token) {
    if (token === "old") throw new Fault("link_expired", "This link is older than seven days.");
    const deed = DEEDS[token];
    if (deed === undefined) throw new Fault("link_invalid", "This link was not made here.");
    return deed;
  },
  async unsubscribe(entry) {
    unsubscribed.push(entry);
  },
};

let directory: string;
let rig: ServeRig;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "ethmon-links-"));
  const clock = systemClock();
  const keys = createKeyStore({ dataDirectory: directory, clock });
  await keys.createKey({ name: "any", role: "reader", owner: "test" });
  const fake = createFakeDesk({ nowMs: () => slotStartMs(100) });
  fake.alerts.set(open.id, open);
  const desk = {
    ...fake,
    async acknowledge(id: string, signal: AbortSignal) {
      const alert = await fake.acknowledge(id, signal);
      acknowledged.push(id);
      return alert;
    },
  };
  rig = await startServeRig({
    documents: [open, over].map(alertDocument),
    desk,
    links,
    access: createAccess({ store: keys, clock, isLoopback: true }),
  });
});
beforeEach(() => {
  unsubscribed.length = 0;
  acknowledged.length = 0;
});
afterAll(async () => {
  await rig.close();
  await rm(directory, { recursive: true });
});

const ask = async (query: string, init: RequestInit = {}) => {
  const response = await fetch(`${rig.url}/alerts/link${query}`, init);
  return { status: response.status, headers: response.headers, html: await response.text() };
};
const submit = (query: string, init: RequestInit = {}) =>
  ask(query, {
    method: "POST",
    headers: { "content-type": "application/x-www-form-urlencoded", origin: rig.url, "sec-fetch-site": "same-origin" },
    ...init,
  });

describe("a link of a message", () => {
  it("shows what it would do, needs no key, and does nothing by being looked at", async () => {
    expect((await rig.get("/api/v1/alerts")).status).toBe(401);
    const { status, html, headers } = await ask("?token=acknowledge", { headers: { "sec-fetch-site": "none" } });
    expect([status, headers.get("content-type")]).toEqual([200, "text/html; charset=utf-8"]);
    expect(html).toContain("<h1>Late &lt;b&gt;block&lt;/b&gt; &amp; &quot;more&quot;</h1>");
    expect(html).toContain("warning, since 2026-11-22 10:01:28 UTC, rule late-blocks.");
    expect(html).toContain('<form method="post"><button>Acknowledge</button></form>');
    expect((await ask("?token=unsubscribe")).html).toContain(
      "me@a.example would get no more mail of the rule late-blocks",
    );
    expect([acknowledged, unsubscribed]).toEqual([[], []]);
  });

  it("shows strangers' words as text, on a page that runs nothing and sends its form nowhere else", async () => {
    const { html, headers } = await ask("?token=acknowledge");
    expect(html).not.toMatch(/<script|<b>/);
    const policy = headers.get("content-security-policy");
    expect(policy).toMatch(/^default-src 'none'; style-src 'sha256-[\w+/=]+'; .*form-action 'self'/);
    expect(headers.get("cache-control")).toBe("no-store");
    // A form of a page that tells no referrer is sent with the origin `null`, which no server takes for its own.
    expect(headers.get("referrer-policy")).toBe("same-origin");
  });

  it("does it when its form is sent, and when a mail program sends its one-click request", async () => {
    expect(await submit("?token=acknowledge")).toMatchObject({
      status: 200,
      html: expect.stringContaining("<h1>Acknowledged</h1>"),
    });
    expect(acknowledged).toEqual([open.id]);
    const oneClick = await ask("?token=unsubscribe", {
      method: "POST",
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: "List-Unsubscribe=One-Click",
    });
    expect(oneClick.status).toBe(200);
    const form = new FormData();
    form.set("List-Unsubscribe", "One-Click");
    expect((await ask("?token=unsubscribe", { method: "POST", body: form })).status).toBe(200);
    expect(unsubscribed).toEqual(Array(2).fill({ address: "me@a.example", rule: "late-blocks" }));
  });

  it("of an alert that is over says so", async () => {
    const page = await ask("?token=late");
    expect(page.html).toContain("there is nothing to acknowledge");
    expect(page.html).not.toContain("<form");
    expect(await submit("?token=late")).toMatchObject({ status: 200, html: expect.stringContaining("is over") });
  });

  it.each([
    ["?token=made-up", 400, "not made here"],
    ["", 400, "lacks its token"],
    ["?token=old", 410, "older than seven days"],
    ["?token=gone", 404, "no alert of this id"],
  ])("%s is refused on a page with %i", async (query, status, words) => {
    expect(await ask(query)).toMatchObject({ status, html: expect.stringContaining(words) });
  });

  it("is not followed from a page of another origin, nor with more than a form's field", async () => {
    const stranger = { origin: "http://evil.example", "sec-fetch-site": "cross-site" };
    expect((await submit("?token=acknowledge", { headers: stranger })).status).toBe(403);
    expect((await submit("?token=acknowledge", { body: "a".repeat(5_000) })).status).toBe(413);
    expect(acknowledged).toEqual([]);
  });

  it("is none where the monitor is public", async () => {
    const shown = await startServeRig({ links, config: { public: publicSchema.parse({}) } });
    const got = await fetch(`${shown.url}/alerts/link?token=unsubscribe`);
    expect(await got.text()).not.toContain("me@a.example");
    expect((await fetch(`${shown.url}/alerts/link?token=unsubscribe`, { method: "POST" })).status).toBe(403);
    expect(unsubscribed).toEqual([]);
    await shown.close();
  });
});
