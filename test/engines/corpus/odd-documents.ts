import type { Json } from "../../../src/events/document.ts";
import type { JsonObject } from "../../../src/events/foreign.ts";
import { MIXED } from "./mapping.ts";

/** Values that are easily mistaken, by field; some of them are lists. */
const ODD: Readonly<Record<string, readonly Json[]>> = {
  keyword: [
    "",
    " ",
    "a",
    "A",
    "b",
    "zebra",
    "null",
    "true",
    "0",
    "-1",
    "1e3",
    "with space",
    'quote"d',
    "it's",
    "back\\slash",
    "per%cent_under",
    "star*mark?",
    "новый блок",
    "区块链",
    "ブロック",
    "عقدة",
    "🦓",
    "👩‍👩‍👧",
    "e\u0301",
    "é",
    "ß",
    "SS",
    "İ",
    "\u00a0",
    "tab\tbed",
    ["a", "b"],
    ["b", "a", "a"],
    [],
    [null],
    ["", null],
    null,
  ],
  wildcard: ["eth/v1/node/health", "ETH/V1", "", "*", "a?c", ["x", "yy"], null, "区块"],
  text: [
    "The quick brown fox",
    "quick-fox, brown; the",
    "fox fox fox",
    "block 0x12ab at slot 7000001",
    "can't won't don't",
    "192.168.1.1:9000 v1.2.3",
    "Zürich ÜBER straße",
    "中文 区块链 数据",
    "ブロック チェーン",
    "отказ узла сети",
    "عقدة غير متصلة",
    "peer 🦓 lost",
    "",
    "   ",
    ["quick start", "brown end"],
    ["one", ""],
    null,
    "under_score dotted.name user@host",
  ],
  long: [
    0,
    -1,
    1,
    7,
    42,
    "42",
    2 ** 31,
    2 ** 53 - 1,
    "9007199254740993",
    "9223372036854775807",
    "-9223372036854775808",
    [1, 2, 3],
    [5, 5],
    [],
    null,
    3.7,
    -3.7,
  ],
  integer: [0, -5, 5, 2147483647, -2147483648, [1, -1], null, "17"],
  short: [0, 1, -1, 32767, -32768, [2, 4], null],
  byte: [0, 1, -1, 127, -128, [3, 9]],
  unsigned: [0, 1, "9223372036854775807", "9223372036854775808", "18446744073709551615", "9007199254740993", [2, 3], null],
  double: [0, -0.5, 0.1, 1e-300, 1e300, 0.30000000000000004, 123456.789, [1.5, 2.5], "2.25", null, 1e21, -1e-7],
  float: [0, 0.1, -2.5, 16_777_217, 3.4e38, [0.25, 0.75], null, 1e-10],
  half: [0, 0.1, -2.5, 65_504, [0.25, 0.75], null, 1024.5],
  scaled: [0, 0.037, -1.255, 99.995, [0.1, 0.2], null, 12_345.678],
  boolean: [true, false, "true", "false", [true, false], [true, true], null, ""],
  date: [
    "2026-10-25T00:59:59.999Z",
    "2026-10-25T01:00:00.000Z",
    "2026-10-25T02:30:00+02:00",
    "2026-10-25T02:30:00+01:00",
    "2026-03-29T01:30:00Z",
    "2026-12-31T23:59:59.999Z",
    "2027-01-01T00:00:00.000Z",
    "2024-02-29",
    "2026-10-24T19:00:00-05:30",
    "1970-01-01T00:00:00Z",
    "1969-12-31T23:59:59.999Z",
    1_792_900_800_000,
    0,
    -1,
    "2026-10-24T22:00:00",
    ["2026-10-25", "2026-11-25"],
    [],
    null,
  ],
  ip: ["10.0.0.1", "10.0.0.255", "::1", "2001:db8::1", "::ffff:10.0.0.7", "0.0.0.0", "255.255.255.255", ["10.1.0.1", "fe80::1"], null],
  short_words: ["eight888", "nine99999", "", "kurz", ["kurz", "much too long"], null],
  pairs: [
    { name: "x", count: 1, at: "2026-10-25" },
    [
      { name: "x", count: 5 },
      { name: "y", count: 1 },
    ],
    [{ name: "y" }, { count: 7 }],
    [],
    null,
    { name: ["x", "z"], count: [1, 9] },
    {},
  ],
};

const ODD_DOCUMENTS = 144;

/** Each has some of the fields, in steps that do not divide each other, so that all combinations come. */
export function oddDocuments(): JsonObject[] {
  return Array.from({ length: ODD_DOCUMENTS }, (_, i) => {
    const odd = Object.entries(ODD).flatMap(([name, values], k) =>
      (i * 7 + k * 3) % 5 < 2 && i > 40 ? [] : [[name, values[(i + k) % values.length] ?? null] as const],
    );
    const at = { "@timestamp": new Date(Date.parse("2026-10-24T20:00:00Z") + i * 421_000).toISOString() };
    // One object, flat dotted keys, or both beside each other: all mean the same.
    const dotted = Object.fromEntries(odd.map(([name, value]) => [`odd.${name}`, value]));
    if (i % 3 === 0) return { ...at, ...dotted };
    return { ...at, odd: Object.fromEntries(odd), ...(i % 3 === 1 ? {} : { [MIXED]: `${i % 5}` }) };
  });
}
