import { createReadStream } from "node:fs";
import { access } from "node:fs/promises";
import { join } from "node:path";
import type { Duplex } from "node:stream";
import { finished } from "node:stream/promises";
import { createGunzip, createZstdDecompress } from "node:zlib";
import { Fault } from "../lib/fault.ts";

const FORMS: readonly { ending: string; decompressor?: () => Duplex }[] = [
  { ending: "" },
  { ending: ".gz", decompressor: createGunzip },
  { ending: ".zst", decompressor: createZstdDecompress },
];

/**
 * The bytes of a recording's events, decompressed. A compressed stream that ends too early, as a recorder's that was
 * killed, fails only after everything before the cut was given: `isCut` knows that error. Throws `recording_missing`.
 */
export async function openEvents(directory: string): Promise<{ path: string; bytes: AsyncIterable<Uint8Array> }> {
  for (const { ending, decompressor } of FORMS) {
    const path = join(directory, `events.jsonl${ending}`);
    const there = await access(path).then(
      () => true,
      () => false,
    );
    if (!there) continue;
    const source = createReadStream(path);
    return { path, bytes: decompressor === undefined ? source : decompressed(source, decompressor()) };
  }
  throw new Fault("recording_missing", `${directory} holds no events.jsonl, events.jsonl.gz or events.jsonl.zst.`);
}

/** True for the error of zlib when its input ended before the compressed stream did, in any format. */
export function isCut(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "Z_BUF_ERROR";
}

/**
 * A stream that fails drops what nobody has read yet, so what comes out is taken at once: at most what one chunk of
 * `source` holds is in memory.
 */
async function* decompressed(source: AsyncIterable<Uint8Array>, through: Duplex): AsyncGenerator<Uint8Array> {
  const out: Uint8Array[] = [];
  through.on("data", (chunk: Uint8Array) => out.push(chunk));
  let ended = false;
  const end = finished(through, { writable: false }).then(() => {
    ended = true;
  });
  end.catch(() => undefined);
  try {
    for await (const chunk of source) {
      const taken = new Promise<void>((resolve) => through.write(chunk, () => resolve()));
      await Promise.race([taken, end]);
      yield* out.splice(0);
      // Padding after a complete stream is no part of it.
      if (ended) break;
    }
    through.end();
    await end;
    yield* out.splice(0);
  } catch (error) {
    yield* out.splice(0);
    throw error;
  } finally {
    through.destroy();
  }
}
