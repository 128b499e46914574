import { describe, expect, test } from "vitest";
import { createWatched, HOLES, shippedWatches } from "../rigs/watched.ts";
import { STREAM_CASES } from "./stream-cases.ts";

test("every shipped watch of a stream has a case", () => {
  const ids = shippedWatches.filter(({ trigger }) => trigger.kind === "stream").map(({ id }) => id);
  expect(Object.keys(STREAM_CASES).sort()).toEqual(ids.sort());
});

describe.each(Object.entries(STREAM_CASES))("%s", (id, { fires, silent, severity, title }) => {
  test("fires, with texts that are whole", async () => {
    const watched = createWatched([id]);
    await fires(watched);
    const [alert] = watched.alerts();
    expect(watched.failures()).toEqual([]);
    expect(alert).toMatchObject({ rule: id, title: expect.stringMatching(title) });
    for (const text of [alert?.title, alert?.text, alert?.check_first, alert?.link, alert?.about]) {
      expect(text).toBeTruthy();
      expect(text).not.toMatch(HOLES);
    }
    expect(alert?.severity).toBe(severity);
    expect(alert?.told.map(({ action }) => action)).toContain("log");
    expect(alert?.told.some(({ action }) => action === "email")).toBe(severity !== "info");
  });

  test("stays silent", async () => {
    const watched = createWatched([id]);
    await silent(watched);
    expect(watched.alerts()).toEqual([]);
    expect(watched.failures()).toEqual([]);
  });
});
