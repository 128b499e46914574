import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { LINK_LIFETIME_MS, LINK_PATH, readLink, readLinkKey, signLink } from "./links.ts";
import { openUnsubscribed } from "./unsubscribed.ts";

let directory = "";
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "ethmon-links-"));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

const nowMs = Date.UTC(2026, 10, 28);
const deed = { kind: "acknowledge", alert: "late-block/ä/1", by: "ops@example.org" } as const;

async function signed() {
  const key = await readLinkKey(join(directory, "link.key"));
  const url = new URL(signLink({ key, publicUrl: "https://monitor.example.org/eth/", deed, nowMs }));
  return { key, url, token: url.searchParams.get("token") ?? "" };
}

test("a link leads below the pages' address and says what it may do, for seven days", async () => {
  const { key, url, token } = await signed();
  expect(url.pathname).toBe(`/eth${LINK_PATH}`);
  expect(readLink({ key, token, nowMs })).toEqual(deed);
  expect(readLink({ key, token, nowMs: nowMs + LINK_LIFETIME_MS - 1 })).toEqual(deed);
  expect(() => readLink({ key, token, nowMs: nowMs + LINK_LIFETIME_MS })).toThrow(
    expect.objectContaining({ code: "link_expired" }),
  );
});

test("whoever changes a letter of it, or makes one without the key, is told nothing", async () => {
  const { key, token } = await signed();
  const at = fc.integer({ min: 0, max: token.length - 1 });
  const letter = fc.constantFrom(..."ABCxyz019-_.%=");
  fc.assert(
    fc.property(at, letter, (place, other) => {
      fc.pre(token[place] !== other);
      const changed = token.slice(0, place) + other + token.slice(place + 1);
      expect(() => readLink({ key, token: changed, nowMs })).toThrow(expect.objectContaining({ code: "link_invalid" }));
    }),
  );
  const otherKey = await readLinkKey(join(directory, "other.key"));
  expect(() => readLink({ key: otherKey, token, nowMs })).toThrow(expect.objectContaining({ code: "link_invalid" }));
  for (const strange of ["", ".", "a.b.c", `${token}.`, token.split(".")[0] ?? ""]) {
    expect(() => readLink({ key, token: strange, nowMs })).toThrow(expect.objectContaining({ code: "link_invalid" }));
  }
});

test("the key is made once, for its owner alone, and a file that holds none is refused", async () => {
  const path = join(directory, "new.key");
  const made = await readLinkKey(path);
  expect(await readLinkKey(path)).toEqual(made);
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  await writeFile(path, "secret\n");
  await expect(readLinkKey(path)).rejects.toMatchObject({ code: "link_key_invalid" });
});

test("who unsubscribed stays so after a restart, until they are taken off the list", async () => {
  const path = join(directory, "unsubscribed.json");
  const list = await openUnsubscribed(path, () => nowMs);
  await Promise.all([
    list.add({ address: "Ops@Example.org", rule: "late-block" }),
    list.add({ address: "ops@example.org", rule: "late-block" }),
    list.add({ address: "ops@example.org", rule: "reorg" }),
  ]);
  const again = await openUnsubscribed(path, () => nowMs);
  expect(again.list()).toHaveLength(2);
  expect(again.has({ address: "OPS@example.org", rule: "late-block" })).toBe(true);
  expect(again.has({ address: "ops@example.org", rule: "gap" })).toBe(false);
  await again.remove({ address: "ops@example.org", rule: "reorg" });
  expect(JSON.parse(await readFile(path, "utf8")).unsubscribed).toEqual([
    { address: "ops@example.org", rule: "late-block", since_ms: nowMs },
  ]);
  await writeFile(path, "{}");
  await expect(openUnsubscribed(path, () => nowMs)).rejects.toMatchObject({ code: "unsubscribed_invalid" });
});
