import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { askAgainMs, whenLookedAt } from "./ask-again.ts";

describe("a question that failed", () => {
  test("is asked again ever later, up to a minute", () => {
    const fault = { code: "unreachable", retry: true };
    expect([1, 2, 3, 4, 5, 50].map((faults) => askAgainMs(fault, faults))).toEqual([
      5000, 10_000, 20_000, 40_000, 60_000, 60_000,
    ]);
  });

  test.each(["search_timeout", "search_too_large", "answer_too_large"])("is not asked again after %s", (code) => {
    expect(askAgainMs({ code, retry: true }, 1)).toBeUndefined();
  });

  test("is not asked again where that cannot help", () => {
    expect(askAgainMs({ code: "body_invalid", retry: false }, 1)).toBeUndefined();
  });
});

describe("the wait to ask again", () => {
  const page = Object.assign(new EventTarget(), { hidden: false });
  const show = (hidden: boolean) => {
    page.hidden = hidden;
    page.dispatchEvent(new Event("visibilitychange"));
  };
  beforeEach(() => {
    vi.useFakeTimers();
    vi.stubGlobal("document", page);
    page.hidden = false;
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  test("ends by itself while the page is looked at", () => {
    const asked = vi.fn();
    whenLookedAt(asked, 5000);
    vi.advanceTimersByTime(4999);
    expect(asked).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(asked).toHaveBeenCalledOnce();
  });

  test("lasts while the page is hidden, and ends once when it is shown", () => {
    const asked = vi.fn();
    whenLookedAt(asked, 5000);
    show(true);
    vi.advanceTimersByTime(600_000);
    expect(asked).not.toHaveBeenCalled();
    show(false);
    show(true);
    show(false);
    expect(asked).toHaveBeenCalledOnce();
  });

  test("can be ended before, hidden or not", () => {
    const asked = vi.fn();
    const end = whenLookedAt(asked, 5000);
    show(true);
    vi.advanceTimersByTime(5000);
    end();
    show(false);
    vi.advanceTimersByTime(5000);
    expect(asked).not.toHaveBeenCalled();
  });
});
