import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { finished } from "node:stream/promises";
import { setImmediate } from "node:timers/promises";
import { createGzip, createZstdCompress, type Gzip, gzipSync, type ZstdCompress, zstdCompressSync } from "node:zlib";
import fc from "fast-check";
import { afterEach, describe, expect, test } from "vitest";
import { startProgram } from "../../test/rigs/program.ts";
import { createRecordingBuilder, type RecordingBuilder } from "../../test/rigs/recording-builder.ts";
import { replay } from "../replay.ts";
import { type RecordingCut, type RecordingMeta, readRecording, readRecordingMeta, specOf } from "./recording.ts";
import type { RecordingLine } from "./recording-line.ts";

let builder: RecordingBuilder = createRecordingBuilder();
const directories: string[] = [];
afterEach(async () => {
  await builder.remove();
  for (const directory of directories.splice(0)) await rm(directory, { recursive: true, force: true });
});

async function small(text?: (jsonl: string) => string): Promise<string> {
  builder = createRecordingBuilder();
  builder.chain(["a", "b", "c"], { from: 1, parent: "genesis" });
  return builder.write(text === undefined ? {} : { text });
}

/** A recording with its events replaced by a file of another name. */
async function withEvents(name: string, of: (jsonl: Buffer) => Buffer): Promise<string> {
  const plain = await small();
  const directory = await mkdtemp(join(tmpdir(), "ethmon-recording-"));
  directories.push(directory);
  await cp(join(plain, "meta.json"), join(directory, "meta.json"));
  await writeFile(join(directory, name), of(await readFile(join(plain, "events.jsonl"))));
  return directory;
}

async function linesOf(directory: string): Promise<RecordingLine[]> {
  const lines: RecordingLine[] = [];
  for await (const line of readRecording(directory)) lines.push(line);
  return lines;
}

describe("the forms of a recording", () => {
  test.each([
    ["events.jsonl.gz", gzipSync],
    ["events.jsonl.zst", zstdCompressSync],
  ] as const)("%s gives the same report as plain text", async (name, compress) => {
    const plain = JSON.stringify(await replay({ directory: await small() }));
    const directory = await withEvents(name, (jsonl) => compress(jsonl));
    expect(JSON.stringify(await replay({ directory }))).toBe(plain);
  });

  test("zeros after the end of a gzip stream, as on a tape, do not matter", async () => {
    const plain = JSON.stringify(await replay({ directory: await small() }));
    const trailing = Buffer.alloc(200_000);
    const directory = await withEvents("events.jsonl.gz", (jsonl) => Buffer.concat([gzipSync(jsonl), trailing]));
    expect(JSON.stringify(await replay({ directory }))).toBe(plain);
  });

  test("lines may end as on Windows, empty lines do not matter, and the last line need not end", async () => {
    const clean = await replay({ directory: await small() });
    await builder.remove();
    expect(await replay({ directory: await small((text) => text.replaceAll("\n", "\r\n\r\n").trimEnd()) })).toEqual(
      clean,
    );
  });

  test("garbage lines are counted and passed over", async () => {
    const clean = await replay({ directory: await small() });
    await builder.remove();
    const garbage = [
      "not JSON",
      "\u0000\u0001\uFFFD",
      '{"recv_ms":',
      "[]",
      "null",
      "{}",
      '{"recv_ms":"soon","node":"n1","event":"head","data":{}}',
      '{"recv_ms":1e300,"node":"n1","event":"head","data":{}}',
      '{"recv_ms":-5,"node":"n1","event":"_close"}',
      '{"recv_ms":1800000010000,"node":"n1","event":"_rest","data":{"path":5}}',
    ];
    const report = await replay({ directory: await small((text) => `${garbage.join("\n")}\n${text}`) });
    expect(report).toEqual({ ...clean, events: clean.events + 2, quarantined: garbage.length });
  });

  test("unreadable lines are named by their number and reason", async () => {
    const lines = await linesOf(await small((text) => `${text}not JSON\n{"recv_ms":1,"event":"head"}\n`));
    const before = builder.lines.length;
    expect(lines.filter(({ kind }) => kind === "unreadable")).toEqual([
      { kind: "unreadable", line: before + 1, reason: "the line is not JSON", isEvent: false, text: "not JSON" },
      {
        kind: "unreadable",
        line: before + 2,
        reason: "the line has no usable node",
        isEvent: true,
        text: '{"recv_ms":1,"event":"head"}',
      },
    ]);
  });

  test("a line may hold U+2028 and U+2029 as they are", async () => {
    const text = JSON.stringify({ graffiti: "one\u2028two\u2029three" });
    expect(text).toContain("\u2028");
    const lines = await linesOf(await small(() => `{"recv_ms":5,"node":"n1","event":"head","data":${text}}\n`));
    expect(lines).toEqual([{ kind: "envelope", envelope: expect.objectContaining({ topic: "head", text }) }]);
  });

  test("a line of ten megabytes is read", async () => {
    const long = "x".repeat(10_000_000);
    const [line] = await linesOf(
      await small(() => JSON.stringify({ recv_ms: 5, node: "n1", event: "head", data: long })),
    );
    expect(line).toMatchObject({ kind: "envelope", envelope: { topic: "head", text: JSON.stringify(long) } });
  });

  test("integers beyond 2^53 keep their digits", async () => {
    const [line] = await linesOf(
      await small(() => '{"recv_ms":5.125,"node":"n1","event":"e","data":{"n":18446744073709551615}}'),
    );
    expect(line).toMatchObject({ envelope: { receivedAtUs: 5125, text: '{"n":"18446744073709551615"}' } });
  });
});

describe("the recorder's own events", () => {
  const at = 1_800_000_000_000;
  test.each([
    [
      { event: "_open", status: 200 },
      { kind: "stream", state: "open" },
    ],
    [
      { event: "_open", data: { status: 200 } },
      { kind: "stream", state: "open" },
    ],
    [{ event: "_open" }, { kind: "stream", state: "open" }],
    [
      { event: "_open", status: 503 },
      { kind: "stream", state: "error", reason: "HTTP 503" },
    ],
    [
      { event: "_close", error: "aborted" },
      { kind: "stream", state: "closed", reason: "aborted" },
    ],
    [
      { event: "_error", data: { error: "refused" } },
      { kind: "stream", state: "error", reason: "refused" },
    ],
    [
      { event: "_rest", data: { path: "/p", status: 200, body: { a: 1 } } },
      { kind: "rest", path: "/p", body: { a: 1 } },
    ],
  ])("%j is %j", async (line, envelope) => {
    const lines = await linesOf(await small(() => JSON.stringify({ recv_ms: at, node: "n1", ...line })));
    expect(lines).toEqual([
      { kind: "envelope", envelope: expect.objectContaining({ node: "n1", receivedAtUs: at * 1000, ...envelope }) },
    ]);
  });

  test("that are unknown are left out", async () => {
    expect(
      await linesOf(await small(() => JSON.stringify({ recv_ms: at, node: "n1", event: "_later", data: 1 }))),
    ).toEqual([]);
  });
});

describe("the order of lines", () => {
  test("is by arrival where lines stand up to a second out of order, and as it was for one moment", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ step: fc.integer({ min: 0, max: 400 }), late: fc.integer({ min: 0, max: 900 }) })),
        async (moves) => {
          let atMs = 1_800_000_000_000;
          const written = moves.map(({ step, late }, index) => {
            atMs += step;
            return { recv_ms: atMs - late, node: "n1", event: "block", data: index };
          });
          const directory = await small(() => written.map((line) => JSON.stringify(line)).join("\n"));
          const read = (await linesOf(directory)).map((line) =>
            line.kind === "envelope" && "text" in line.envelope ? Number(line.envelope.text) : -1,
          );
          const expected = written.toSorted((a, b) => a.recv_ms - b.recv_ms).map(({ data }) => data);
          expect(read).toEqual(expected);
          await builder.remove();
        },
      ),
      { numRuns: 30 },
    );
  });
});

test("lines that a clock wrote after it was set back stay after those before it", async () => {
  const atMs = [0, 100, 200, -3_600_000, -3_599_900, -3_599_950, -3_599_000];
  const lines = atMs.map((ms, index) => ({ recv_ms: 1_800_000_000_000 + ms, node: "n1", event: "block", data: index }));
  const directory = await small(() => lines.map((line) => JSON.stringify(line)).join("\n"));
  const read = (await linesOf(directory)).map((line) =>
    line.kind === "envelope" && "text" in line.envelope ? Number(line.envelope.text) : -1,
  );
  expect(read).toEqual([0, 1, 2, 3, 5, 4, 6]);
});

describe("what is no recording says so in one sentence", () => {
  test("a directory that is not there", async () => {
    const directory = join(tmpdir(), "ethmon-no-such-recording");
    await expect(replay({ directory })).rejects.toMatchObject({
      code: "recording_missing",
      message: expect.stringContaining(directory),
    });
  });

  test("a directory without events", async () => {
    const directory = await withEvents("other.txt", (jsonl) => jsonl);
    await expect(replay({ directory })).rejects.toMatchObject({
      code: "recording_missing",
      message: expect.stringContaining("events.jsonl"),
    });
  });

  test.each([
    ["not JSON", "is not JSON"],
    ['{"format":"other/1"}', "format"],
    [JSON.stringify({ format: "ethmon-recording/1", nodes: [], config_spec: {} }), "genesis_time"],
  ])("a meta.json that holds %s", async (meta, named) => {
    const directory = await small();
    await writeFile(join(directory, "meta.json"), meta);
    await expect(replay({ directory })).rejects.toMatchObject({
      code: "recording_invalid",
      message: expect.stringContaining(named),
    });
  });

  test("a specification that lacks what slots are made of", async () => {
    builder = createRecordingBuilder({ spec: { SLOTS_PER_EPOCH: "none" } });
    await expect(replay({ directory: await builder.write() })).rejects.toMatchObject({
      code: "spec_incomplete",
      message: expect.stringContaining("SLOTS_PER_EPOCH"),
    });
  });

  test("a file that is not compressed as its name says", async () => {
    const directory = await withEvents("events.jsonl.gz", (jsonl) => jsonl);
    await expect(replay({ directory })).rejects.toMatchObject({ code: "recording_invalid" });
  });

  test("a file whose bytes were changed, with the last line that could be read", async () => {
    const directory = await withEvents("events.jsonl.gz", (jsonl) => {
      const bytes = gzipSync(jsonl);
      // The checksum stands in the last eight bytes.
      bytes.writeUInt32LE(~bytes.readUInt32LE(bytes.length - 8) >>> 0, bytes.length - 8);
      return bytes;
    });
    await expect(replay({ directory })).rejects.toMatchObject({
      code: "recording_invalid",
      message: expect.stringMatching(/cannot be read after line \d+: incorrect data check/),
    });
  });
});

describe("a compressed recording that was cut", () => {
  /** Compressed so that a cut anywhere leaves something to read: flushed after each line, as a recorder does. */
  async function flushed(stream: Gzip | ZstdCompress, jsonl: Buffer): Promise<Buffer> {
    const chunks: Buffer[] = [];
    stream.on("data", (chunk: Buffer) => chunks.push(chunk));
    for (const line of jsonl.toString().trimEnd().split("\n")) {
      stream.write(`${line}\n`);
      await new Promise<void>((resolve) => stream.flush(resolve));
    }
    stream.end();
    await finished(stream);
    return Buffer.concat(chunks);
  }

  test.each([
    ["events.jsonl.gz", createGzip],
    ["events.jsonl.zst", createZstdCompress],
  ] as const)("%s ends there, with every whole line before the cut, also for a slow reader", async (name, create) => {
    const directory = await withEvents(name, (jsonl) => jsonl);
    const path = join(directory, name);
    const jsonl = await readFile(path);
    const whole = await flushed(create(), jsonl);
    await writeFile(path, whole);
    const all = await linesOf(directory);
    let longest = 0;
    for (let bytes = 0; bytes < whole.length; bytes += 97) {
      await writeFile(path, whole.subarray(0, bytes));
      const lines: RecordingLine[] = [];
      const cuts: RecordingCut[] = [];
      for await (const line of readRecording(directory, { onCut: (cut) => cuts.push(cut) })) {
        lines.push(line);
        await setImmediate();
      }
      expect(lines, `${bytes} of ${whole.length} bytes`).toEqual(all.slice(0, lines.length));
      expect(cuts).toEqual([{ path, afterLine: lines.length }]);
      expect(lines.length).toBeGreaterThanOrEqual(longest);
      longest = lines.length;
    }
    expect(longest).toBeGreaterThan(all.length / 2);
  });

  test("is replayed, with one sentence about the cut", async () => {
    const directory = await withEvents("events.jsonl.zst", (jsonl) => jsonl);
    const path = join(directory, "events.jsonl.zst");
    const whole = await flushed(createZstdCompress(), await readFile(path));
    await writeFile(path, whole.subarray(0, whole.length - 20));
    const program = startProgram(["replay", directory]);
    expect((await program.ended).code).toBe(0);
    expect(program.errors()).toMatch(/^ethmon: [^\n]*events\.jsonl\.zst was cut after line \d+[^\n]*\.\n$/);
  });
});

describe("meta.json", () => {
  const base: RecordingMeta = { format: "ethmon-recording/1", genesis_time: 1, nodes: [], config_spec: {} };

  test("completes a specification that does not say how long a slot is", () => {
    expect(specOf({ ...base, seconds_per_slot: 1.5, slots_per_epoch: 8, network: "n" })).toMatchObject({
      SLOT_DURATION_MS: 1500,
      SLOTS_PER_EPOCH: "8",
      CONFIG_NAME: "n",
    });
  });

  test("never contradicts what the node said", () => {
    const config_spec = { SECONDS_PER_SLOT: "6", CONFIG_NAME: "minimal" };
    expect(specOf({ ...base, seconds_per_slot: 3, network: "n", config_spec })).toEqual(config_spec);
  });

  test("may give numbers as strings, and null for what the recorder did not learn", async () => {
    const directory = await small();
    const path = join(directory, "meta.json");
    const meta = JSON.parse(await readFile(path, "utf8")) as RecordingMeta;
    const clean = await replay({ directory });
    const loose = {
      ...meta,
      network: null,
      genesis_time: String(meta.genesis_time),
      genesis_validators_root: null,
      seconds_per_slot: "6",
      nodes: meta.nodes.map(({ name }) => ({ name, client: null, version: null })),
    };
    await writeFile(path, JSON.stringify(loose));
    const nodes = meta.nodes.map(({ name }) => ({ name }));
    expect(await readRecordingMeta(directory)).toMatchObject({
      genesis_time: meta.genesis_time,
      seconds_per_slot: 6,
      nodes,
    });
    expect(await replay({ directory })).toEqual(clean);
  });

  test.each(['"soon"', '""', "null", "1.5", "true"])("a genesis time of %s is none", async (genesis_time) => {
    const directory = await small();
    const meta = `{"format":"ethmon-recording/1","genesis_time":${genesis_time},"nodes":[],"config_spec":{}}`;
    await writeFile(join(directory, "meta.json"), meta);
    await expect(readRecordingMeta(directory)).rejects.toMatchObject({
      code: "recording_invalid",
      message: expect.stringContaining("genesis_time"),
    });
  });

  test("names the nodes", async () => {
    const meta = await readRecordingMeta(await small());
    expect(meta.nodes.map(({ name }) => name)).toEqual(["n1", "n2", "n3"]);
  });
});
