import { describe, expect, test } from "vitest";
import { answerTo } from "./use-answer.ts";

describe("an answer", () => {
  const ask = () => Promise.resolve(1);
  const answer = { kind: "ready", answer: 1, asking: true, fault: undefined } as const;

  test("stays while the same is asked again", () => {
    expect(answerTo(ask, { ask, answer })).toBe(answer);
  });

  test("is not shown for another question", () => {
    expect(answerTo(() => Promise.resolve(2), { ask, answer })).toEqual({ kind: "loading" });
    expect(answerTo(undefined, { ask, answer })).toEqual({ kind: "loading" });
  });
});
