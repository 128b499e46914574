import { expect, test } from "vitest";
import { Fault, isAborted, isFault, messageOf } from "./fault.ts";

test("a fault says its code, whether a retry helps, and what it knows", () => {
  const fault = new Fault("disk_full", "The disk is full.", { retry: "retryable", details: { freeBytes: 0 } });
  expect(fault).toMatchObject({ name: "Fault", code: "disk_full", retry: "retryable", details: { freeBytes: 0 } });
  expect(new Fault("bad", "Bad.").retry).toBe("final");
  expect(isFault(fault)).toBe(true);
  expect(isFault(fault, "disk_full")).toBe(true);
  expect(isFault(fault, "other")).toBe(false);
  expect(isFault(new Error("disk_full"))).toBe(false);
});

test("an abort is known as one, and nothing else is", async () => {
  const controller = new AbortController();
  controller.abort();
  expect(isAborted(controller.signal.reason)).toBe(true);
  expect(isAborted(new Error("AbortError"))).toBe(false);
  expect(isAborted("AbortError")).toBe(false);
});

test("the message of an error has its cause, said once", () => {
  expect(messageOf(new Error("It failed", { cause: new Error("no route") }))).toBe("It failed: no route");
  expect(messageOf(new Error("It failed: no route", { cause: new Error("no route") }))).toBe("It failed: no route");
  expect(messageOf(new Fault("bad", "It failed.", { cause: new Error("no route") }))).toBe("It failed: no route");
  expect(messageOf(new Error("It failed", { cause: "a string" }))).toBe("It failed");
  expect(messageOf("thrown text")).toBe("thrown text");
  expect(messageOf(undefined)).toBe("undefined");
});
