import { describe, expect, test } from "vitest";
import type { JsonObject } from "../events/foreign.ts";
import { hideContentSecrets, hideSecrets, lacksSecrets, restoreSecrets } from "./watch-secrets.ts";

const HIDDEN = "::es_redacted::";
const LOGGING_IN = { Authorization: "Bearer a", Cookie: "b=c", "X-Api-Key": 5, "Private-Token": { source: "d" } };
const REQUEST = {
  url: "https://a.example/",
  headers: { ...LOGGING_IN, Accept: "text/plain" },
  auth: { basic: { username: "me", password: "e" } },
};
const WATCH: JsonObject = {
  input: { chain: { inputs: [{ first: { http: { request: REQUEST } } }] } },
  actions: { hook: { webhook: { ...REQUEST, Headers: { cookie: "f" } } } },
};
const shown = {
  url: "https://a.example/",
  headers: {
    Authorization: HIDDEN,
    Cookie: HIDDEN,
    "X-Api-Key": HIDDEN,
    "Private-Token": HIDDEN,
    Accept: "text/plain",
  },
  auth: { basic: { username: "me", password: HIDDEN } },
};

describe("secrets of a watch", () => {
  test("are hidden where a request has them, and put back where they were", () => {
    const hidden = hideSecrets(WATCH);
    expect(hidden).toEqual({
      input: { chain: { inputs: [{ first: { http: { request: shown } } }] } },
      actions: { hook: { webhook: { ...shown, Headers: { cookie: HIDDEN } } } },
    });
    expect(restoreSecrets(hidden, WATCH)).toEqual(WATCH);
  });

  test("that nothing is kept of cannot be put back", () => {
    const stored = { actions: {} };
    expect(() => restoreSecrets(hideSecrets(WATCH), stored)).toThrow(/stands for a password that is kept, and none is/);
  });

  test("are hidden in a webhook that is to be sent, and not in a document that is to be stored", () => {
    expect(hideContentSecrets(REQUEST)).toEqual(shown);
    expect(lacksSecrets(hideContentSecrets(REQUEST))).toBe(true);
    const document = {
      index: "logs",
      payload: { headers: { cookie: "of a log" }, auth: { basic: { password: "x" } } },
    };
    expect(hideContentSecrets(document)).toEqual(document);
    expect(lacksSecrets(document)).toBe(false);
  });

  test("that are sealed stay sealed", () => {
    const sealed = { headers: { authorization: { $parts: ["Bearer ", { $secret: "TOKEN" }] } } };
    expect(hideContentSecrets(sealed)).toEqual(sealed);
    expect(lacksSecrets(sealed)).toBe(false);
  });
});
