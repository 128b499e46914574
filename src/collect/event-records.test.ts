import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { createEventRecords } from "./event-records.ts";

type Seen = { topic: string; text: string; bytes?: number };

function read(chunks: readonly Buffer[], maxRecordBytes = 1_000_000): Seen[] {
  const seen: Seen[] = [];
  const records = createEventRecords({
    maxRecordBytes,
    onRecord: (topic, text) => seen.push({ topic, text }),
    onOversized: (topic, text, bytes) => seen.push({ topic, text, bytes }),
    onComment: () => {},
  });
  for (const chunk of chunks) records.push(chunk);
  return seen;
}

function split(bytes: Buffer, cuts: readonly number[]): Buffer[] {
  const places = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  return places.slice(1).map((end, index) => bytes.subarray(places[index], end));
}

const STREAM = [
  'event: head\ndata: {"slot":"1"}\n\n',
  ": a comment\n\n",
  'event: block\r\ndata: {"graffiti":"Grüße \u{1F980}"}\r\n\r\n',
  'event: chain_reorg\rdata: {"depth":\rdata: 2}\r\r',
  "data: null\n\n",
  'id: 7\nretry: 10\nevent: head\ndata:{"slot":"2"}\n\n',
].join("");
const SEEN = [
  { topic: "head", text: '{"slot":"1"}' },
  { topic: "block", text: '{"graffiti":"Grüße \u{1F980}"}' },
  { topic: "chain_reorg", text: '{"depth":\n2}' },
  { topic: "message", text: "null" },
  { topic: "head", text: '{"slot":"2"}' },
];

test("records are read whatever ends their lines, and comments are ignored", () => {
  expect(read([Buffer.from(STREAM)])).toEqual(SEEN);
});

test("any split of the bytes gives the same records, one byte at a time too", () => {
  const bytes = Buffer.from(STREAM);
  fc.assert(
    fc.property(fc.array(fc.nat(), { maxLength: 20 }), (cuts) => {
      expect(read(split(bytes, cuts))).toEqual(SEEN);
    }),
    { numRuns: 500 },
  );
  expect(read([...bytes].map((byte) => Buffer.from([byte])))).toEqual(SEEN);
});

test("any bytes at all give the same records however they are split, and end no stream", () => {
  const alphabet = fc.constantFrom(
    "\n",
    "\r",
    "\n\n",
    "data: ",
    "event: head",
    ":",
    "\xff",
    "\xe2\x82",
    "{}",
    "x".repeat(40),
  );
  fc.assert(
    fc.property(fc.array(alphabet, { maxLength: 60 }), fc.array(fc.nat(), { maxLength: 12 }), (parts, cuts) => {
      const bytes = Buffer.concat([
        Buffer.from(parts.join(""), "latin1"),
        Buffer.from("\n\nevent: head\ndata: end\n\n"),
      ]);
      for (const limit of [60, 1_000_000]) {
        const whole = read([bytes], limit);
        expect(read(split(bytes, cuts), limit)).toEqual(whole);
        expect(whole.at(-1)).toEqual({ topic: "head", text: "end" });
      }
    }),
    { numRuns: 1000 },
  );
});

test("invalid UTF-8 spoils its own record alone", () => {
  const bytes = Buffer.concat([
    Buffer.from('event: block\ndata: {"a":"'),
    Buffer.from([0xff, 0xfe, 0xe2, 0x82]),
    Buffer.from('"}\n\nevent: head\ndata: {}\n\n'),
  ]);
  const seen = read([bytes]);
  expect(seen[0]?.text).toContain("�");
  expect(seen[1]).toEqual({ topic: "head", text: "{}" });
});

test("a line of 10 MB passes below the default bound", () => {
  const text = `"${"a".repeat(10_000_000)}"`;
  const bytes = Buffer.from(`event: block\ndata: ${text}\n\nevent: head\ndata: {}\n\n`);
  const chunks = Array.from({ length: Math.ceil(bytes.length / 65_536) }, (_, i) =>
    bytes.subarray(i * 65_536, (i + 1) * 65_536),
  );
  const seen = read(chunks, 16 * 1024 * 1024);
  expect(seen[0]?.text.length).toBe(text.length);
  expect(seen[1]).toEqual({ topic: "head", text: "{}" });
});

test("a record beyond the bound is told with its topic and its beginning, and its neighbours stay", () => {
  const long = `event: block\ndata: {"a":"${"a".repeat(5000)}"}\n\n`;
  const bytes = Buffer.from(`event: head\ndata: 1\n\n${long}event: head\ndata: 2\n\n`);
  for (const size of [1, 7, 1000, bytes.length]) {
    const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) =>
      bytes.subarray(i * size, (i + 1) * size),
    );
    const seen = read(chunks, 1000);
    expect(seen.map(({ topic }) => topic)).toEqual(["head", "block", "head"]);
    expect(seen[1]).toMatchObject({ bytes: long.length, text: expect.stringMatching(/^\{"a":"aaa/) });
  }
});

test("a record without its closing blank line is not told", () => {
  expect(read([Buffer.from('event: head\ndata: {"slot":"1"}\n')])).toEqual([]);
});

test("the specification's example of every topic is one record", () => {
  const examples = readFileSync(new URL("../../test/data/beacon-apis/event-examples.sse", import.meta.url));
  const topics = read([examples]).map(({ topic }) => topic);
  expect(topics.slice(0, 4)).toEqual(["head", "head_v2", "block", "block_gossip"]);
  expect(topics).toHaveLength(24);
});
