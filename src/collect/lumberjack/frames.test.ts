import fc from "fast-check";
import { expect, test } from "vitest";
import { compressedFrame, jsonFrame, windowFrame } from "../../../test/rigs/lumberjack-client.ts";
import { isFault } from "../../lib/fault.ts";
import { createBytes } from "./bytes.ts";
import { readFrames } from "./frames.ts";
import { lumberjackLimitsSchema } from "./limits.ts";

const limits = lumberjackLimitsSchema.parse({ event_mb: 0.1, frame_mb: 0.1 });

async function read(chunks: readonly Uint8Array[]) {
  async function* stream() {
    yield* chunks;
  }
  const frames: unknown[] = [];
  const bytes = createBytes(stream());
  for await (const frame of readFrames({ bytes, limits, budget: { bytes: 1_000_000 }, makeRoom: () => undefined })) {
    frames.push(frame.kind === "window" ? frame.size : [frame.sequence, frame.payload.toString()]);
  }
  return frames;
}

/** The bytes in pieces of these sizes, one after the other and from the beginning again. */
function cutInto(bytes: Buffer, sizes: readonly number[]): Buffer[] {
  const pieces: Buffer[] = [];
  for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
    const size = sizes[turn % sizes.length] ?? 1;
    pieces.push(bytes.subarray(at, at + size));
    at += size;
  }
  return pieces;
}

const sizes = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 8 });

test("however frames are compressed, nested and cut, the same events come out in order", async () => {
  const group = fc.record({ events: fc.array(fc.string(), { maxLength: 5 }), depth: fc.integer({ min: 0, max: 2 }) });
  await fc.assert(
    fc.asyncProperty(fc.array(group, { maxLength: 5 }), sizes, async (groups, cuts) => {
      let sequence = 0;
      const expected: unknown[] = [];
      const parts = groups.flatMap(({ events, depth }) => {
        const frames = events.map((text) => {
          sequence += 1;
          expected.push([sequence, text]);
          return jsonFrame(sequence, text);
        });
        let nested: Buffer[] = frames;
        for (let level = 0; level < depth; level += 1) nested = [compressedFrame(...nested)];
        return nested;
      });
      const bytes = Buffer.concat([windowFrame(7), ...parts]);
      expect(await read(cutInto(bytes, cuts))).toEqual([7, ...expected]);
    }),
  );
});

test("whatever bytes come, it ends, with frames or with a fault that says why", async () => {
  const hostile = fc.oneof(
    fc.uint8Array({ maxLength: 200 }),
    fc
      .tuple(fc.constantFrom("2W", "2J", "2C", "2A", "1J"), fc.uint8Array({ maxLength: 60 }))
      .map(([head, rest]) => Buffer.concat([Buffer.from(head), rest])),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(hostile, { maxLength: 4 }), sizes, async (parts, cuts) => {
      try {
        await read(cutInto(Buffer.concat(parts), cuts));
      } catch (error) {
        expect(isFault(error, "lumberjack_malformed") || isFault(error, "lumberjack_cut")).toBe(true);
      }
    }),
  );
});
