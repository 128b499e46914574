import { expect, test } from "vitest";
import { createSharedAnswers } from "./shared-answers.ts";

let nowUs = 0;
const clock = { nowUs: () => nowUs, monoUs: () => nowUs };
const never = new AbortController().signal;
const create = (options: { keepMs?: number; keepChars?: number } = {}) =>
  createSharedAnswers({ clock, keepMs: 1000, keepChars: 100, ...options });

/** Makes an answer when it is told to, and counts how often it was asked to. */
function maker() {
  const asked: { resolve: (text: string) => void; reject: (error: unknown) => void; signal: AbortSignal }[] = [];
  const make = (signal: AbortSignal) => {
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    asked.push({ resolve, reject, signal });
    return promise;
  };
  return { make, asked };
}

test("equal requests at the same time and for a while afterwards are made once", async () => {
  const shared = create();
  const { make, asked } = maker();
  const answers = [1, 2, 3].map(() => shared.get({ key: "a", signal: never, make }));
  const other = shared.get({ key: "b", signal: never, make });
  expect(asked).toHaveLength(2);
  asked[0]?.resolve("one");
  asked[1]?.resolve("two");
  expect(await Promise.all(answers)).toEqual(["one", "one", "one"]);
  expect(await other).toBe("two");
  nowUs += 999_000;
  expect(await shared.get({ key: "a", signal: never, make })).toBe("one");
  nowUs += 1_000;
  const anew = shared.get({ key: "a", signal: never, make });
  expect(asked).toHaveLength(3);
  asked[2]?.resolve("new");
  expect(await anew).toBe("new");
});

test("what fails is told to all who wait, and not kept", async () => {
  const shared = create();
  const { make, asked } = maker();
  const answers = [1, 2].map(() => shared.get({ key: "a", signal: never, make }).catch((error: unknown) => error));
  asked[0]?.reject("broken");
  expect(await Promise.all(answers)).toEqual(["broken", "broken"]);
  const again = shared.get({ key: "a", signal: never, make });
  asked[1]?.resolve("whole");
  expect(await again).toBe("whole");
});

test("one who goes takes nothing from the others; once all are gone it is stopped", async () => {
  const shared = create();
  const { make, asked } = maker();
  const leaving = [new AbortController(), new AbortController()];
  const answers = leaving.map(({ signal }) =>
    shared.get({ key: "a", signal, make }).catch((error: Error) => error.name),
  );
  leaving[0]?.abort();
  expect(await answers[0]).toBe("AbortError");
  expect(asked[0]?.signal.aborted).toBe(false);
  leaving[1]?.abort();
  expect(await answers[1]).toBe("AbortError");
  expect(asked[0]?.signal.aborted).toBe(true);
  const anew = shared.get({ key: "a", signal: never, make });
  expect(asked).toHaveLength(2);
  asked[1]?.resolve("again");
  expect(await anew).toBe("again");
});

test("only so many characters are kept, the newest, and no answer that is a large part of them", async () => {
  const shared = create();
  let made = 0;
  const of = (key: string, length: number) =>
    shared.get({
      key,
      signal: never,
      make: async () => {
        made += 1;
        return "x".repeat(length);
      },
    });
  for (let i = 0; i < 6; i += 1) await of(`k${i}`, 20);
  await of("large", 26);
  expect(made).toBe(7);
  for (const key of ["k1", "k2", "k3", "k4", "k5"]) await of(key, 20);
  expect(made).toBe(7);
  await of("large", 26);
  await of("k0", 20);
  expect(made).toBe(9);
});

test("after a change nothing of before is given again, not even what was under way", async () => {
  const shared = create();
  const { make, asked } = maker();
  const before = shared.get({ key: "a", signal: never, make });
  shared.clear();
  const after = shared.get({ key: "a", signal: never, make });
  asked[0]?.resolve("old");
  expect(await before).toBe("old");
  asked[1]?.resolve("new");
  expect(await after).toBe("new");
  expect(await shared.get({ key: "a", signal: never, make })).toBe("new");
});
