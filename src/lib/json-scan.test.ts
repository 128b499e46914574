import fc from "fast-check";
import { expect, test } from "vitest";
import { createJsonScan } from "./json-scan.ts";

/** Builds the value that a scan tells of, strings of digits as numbers: what the scan cannot tell apart. */
function build(chunks: readonly Uint8Array[]): unknown {
  const root: unknown[] = [];
  const open: { target: unknown[] | Record<string, unknown>; key: string }[] = [{ target: root, key: "" }];
  const put = (value: unknown) => {
    const top = open.at(-1);
    if (top === undefined) throw new Error("nothing is open");
    if (Array.isArray(top.target)) top.target.push(value);
    else top.target[top.key] = value;
  };
  const scan = createJsonScan({
    onOpen(kind) {
      const target = kind === "array" ? [] : {};
      put(target);
      open.push({ target, key: "" });
    },
    onClose: () => open.pop(),
    onKey(key) {
      const top = open.at(-1);
      if (top !== undefined) top.key = key;
    },
    onUint: put,
    onText: (text) => put(text()),
  });
  for (const chunk of chunks) scan.push(chunk);
  scan.end();
  return root[0];
}

const leaf = fc.oneof(fc.nat(), fc.stringMatching(/^[a-z]{0,8}$/), fc.stringMatching(/^[1-9][0-9]{0,12}$/));
const value = fc.letrec((tie) => ({
  any: fc.oneof(
    { maxDepth: 5 },
    leaf,
    fc.array(tie("any"), { maxLength: 5 }),
    fc.dictionary(fc.stringMatching(/^[a-z]{1,6}$/), tie("any"), { maxKeys: 5, noNullPrototype: true }),
  ),
})).any;

const asTold = (of: unknown): unknown => {
  if (typeof of === "string") return /^\d+$/.test(of) ? Number(of) : of;
  if (Array.isArray(of)) return of.map(asTold);
  if (typeof of !== "object" || of === null) return of;
  return Object.fromEntries(Object.entries(of).map(([key, inner]) => [key, asTold(inner)]));
};

test("it tells of any value what JSON.parse reads, wherever the bytes are cut", () => {
  fc.assert(
    fc.property(value, fc.integer({ min: 1, max: 7 }), fc.constantFrom(undefined, 1), (any, size, indent) => {
      const bytes = Buffer.from(JSON.stringify(any, undefined, indent));
      const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) =>
        bytes.subarray(i * size, (i + 1) * size),
      );
      expect(build(chunks)).toEqual(asTold(any));
    }),
  );
});

test("it refuses what JSON.parse refuses", () => {
  fc.assert(
    fc.property(value, fc.nat(), fc.constantFrom("", "]", "}", ",", ":", '"', "x"), (any, at, inserted) => {
      const text = JSON.stringify(any);
      const place = at % (text.length + 1);
      const broken = text.slice(0, place) + inserted + text.slice(place + (inserted === "" ? 1 : 0));
      const refusal = (read: () => unknown) => {
        try {
          read();
          return false;
        } catch (error) {
          expect(error).toBeInstanceOf(SyntaxError);
          return true;
        }
      };
      expect(refusal(() => build([Buffer.from(broken)]))).toBe(refusal(() => JSON.parse(broken)));
    }),
    { numRuns: 500 },
  );
});

test("literals, fractions and integers beyond 2^53 are told as text", () => {
  const text = '[true,false,null,-1,1.5,1e3,"18446744073709551615","a\\"b"]';
  expect(build([Buffer.from(text)])).toEqual([
    "true",
    "false",
    "null",
    "-1",
    "1.5",
    "1e3",
    "18446744073709551615",
    'a\\"b',
  ]);
});

test("values nested too deeply, and a text that ends early, are refused", () => {
  expect(() => build([Buffer.from("[".repeat(65))])).toThrow("nested too deeply");
  expect(() => build([Buffer.from('{"a":[1')])).toThrow("ends before its value does");
  expect(() => build([])).toThrow("ends before its value does");
});
