import { expect, test } from "vitest";
import { createStreamWindow } from "./stream-window.ts";

test("a window holds the newest documents in the order of their time, each id once", () => {
  const window = createStreamWindow(3);
  const put = (id: string | undefined, timestampUs: number, text: string) =>
    window.put({ id, timestampUs, source: { text } });
  const texts = () => window.sources().map((source) => (source as { text: string }).text);
  put("2", 20, "two");
  put("1", 10, "one");
  put("3", 30, "three");
  expect(texts()).toEqual(["one", "two", "three"]);
  put("2", 20, "two again");
  expect(texts()).toEqual(["one", "two again", "three"]);
  put("4", 40, "four");
  expect(texts()).toEqual(["two again", "three", "four"]);
  put("3", 50, "three, later");
  expect(texts()).toEqual(["two again", "four", "three, later"]);
  put("0", 5, "older than all");
  expect(texts()).toEqual(["two again", "four", "three, later"]);
  put(undefined, 60, "nameless");
  put(undefined, 60, "nameless, too");
  expect(texts()).toEqual(["three, later", "nameless", "nameless, too"]);
});
