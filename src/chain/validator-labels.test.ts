import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isFault } from "../lib/fault.ts";
import { parseValidatorLabels } from "./validator-labels.ts";

const KEY = `0x${"aB".repeat(48)}`;
const parse = (text: string) => parseValidatorLabels(text, "labels.txt");

describe("a label file", () => {
  test("names validators by index, range and public key, their group and their nodes", () => {
    const labels = parse(`\ufeff# ours\r\n100-120 solo @n1 @n2   # two nodes\n7,home\n\n${KEY}\tsolo @n3\n`);
    expect(labels.ranges).toEqual([
      { from: 7, to: 7, group: "home", nodes: [], line: 3 },
      { from: 100, to: 120, group: "solo", nodes: ["n1", "n2"], line: 2 },
    ]);
    expect([...labels.pubkeys]).toEqual([
      [KEY.toLowerCase(), { pubkey: KEY.toLowerCase(), group: "solo", nodes: ["n3"], line: 5 }],
    ]);
    expect(labels.groups).toEqual([
      { group: "solo", nodes: ["n1", "n2", "n3"], validators: 22 },
      { group: "home", nodes: [], validators: 1 },
    ]);
  });

  test.each([
    ["7", 'labels.txt: line 1: "7" has no group.'],
    ["7 a\n8 b c", 'labels.txt: line 2: "c" is no node: it must begin with @.'],
    ["7 a @", 'labels.txt: line 1: the node "@" may hold letters, digits'],
    ["7 a/b", 'labels.txt: line 1: the group "a/b" may hold letters, digits'],
    ["7 __proto__", 'the group "__proto__" may hold letters, digits'],
    ["-7 a", 'labels.txt: line 1: "-7" is no index, range or public key.'],
    ["1e3 a", 'labels.txt: line 1: "1e3" is no index, range or public key.'],
    ["9-7 a", "labels.txt: line 1: the range 9-7 ends before it begins."],
    ["16777216 a", "labels.txt: line 1: the index 16777216 is above 16777215."],
    ["0x12 a", 'labels.txt: line 1: "0x12" is no public key: it must be 0x and 96 hex digits.'],
    ["0-99999 a\n100000 a", "labels.txt: line 2: more than 100000 validators are labelled."],
    ["5-9 a\n\n1-5 b", "labels.txt: validator 5 is labelled on line 1 and on line 3."],
    ["3 a\n3 a", "labels.txt: validator 3 is labelled on line 1 and on line 2."],
    [
      `${KEY} a\n${KEY.toLowerCase()} a`,
      "labels.txt: the public key 0xababababababababab… is labelled on line 1 and on",
    ],
    [Array.from({ length: 257 }, (_, i) => `${i} g${i}`).join("\n"), "labels.txt: there are more than 256 groups."],
    ["# nothing\n", "labels.txt: no validator is labelled."],
  ])("%j is refused with its line", (text, message) => {
    const refused = () => parse(text);
    expect(refused).toThrow(message);
    try {
      refused();
    } catch (error) {
      expect(isFault(error, "labels_invalid")).toBe(true);
    }
  });

  test("gives back every range that does not meet another, and finds the two lines of those that do", () => {
    const range = fc.record({ from: fc.nat({ max: 400 }), size: fc.integer({ min: 1, max: 6 }) });
    fc.assert(
      fc.property(fc.array(range, { minLength: 1, maxLength: 20 }), (ranges) => {
        const text = ranges.map(({ from, size }, index) => `${from}-${from + size - 1} g${index % 3}`).join("\n");
        const owners = new Map<number, number[]>();
        for (const [index, { from, size }] of ranges.entries()) {
          for (let at = from; at < from + size; at += 1) owners.set(at, [...(owners.get(at) ?? []), index + 1]);
        }
        const meeting = [...owners.values()].filter((lines) => lines.length > 1);
        if (meeting.length === 0) {
          expect(parse(text).groups.reduce((sum, { validators }) => sum + validators, 0)).toBe(owners.size);
          return;
        }
        const [, one, other] = /on line (\d+) and on line (\d+)\.$/.exec(messageOf(text)) ?? [];
        expect(meeting.some((lines) => lines.includes(Number(one)) && lines.includes(Number(other)))).toBe(true);
      }),
    );
  });
});

function messageOf(text: string): string {
  try {
    parse(text);
    return "it was taken";
  } catch (error) {
    return error instanceof Error ? error.message : "";
  }
}
