import { Readable } from "node:stream";
import { createInflate } from "node:zlib";
import { Fault, isFault, messageOf } from "../../lib/fault.ts";
import { type Bytes, createBytes, cut } from "./bytes.ts";
import { type LumberjackLimits, MB } from "./limits.ts";

/** What a sender says: `size` events follow, or one of them. Sequence numbers are the sender's own. */
export type Frame = { kind: "window"; size: number } | { kind: "event"; sequence: number; payload: Buffer };

const VERSION = "2".charCodeAt(0);
const WINDOW = "W".charCodeAt(0);
const JSON_EVENT = "J".charCodeAt(0);
const COMPRESSED = "C".charCodeAt(0);

/** Bytes that may still be inflated before the window's end. */
export type InflateBudget = { bytes: number };

/**
 * The frames of a connection (Lumberjack v2: `2 W size`, `2 J sequence length json`, `2 C length zlib`, all integers
 * uint32 big endian). Compressed frames are inflated as they come and never held whole. Ends where the sender does,
 * between two frames; throws `lumberjack_cut` where it does in the middle of one, `lumberjack_malformed` for anything else.
 */
export async function* readFrames(input: {
  bytes: Bytes;
  limits: LumberjackLimits;
  budget: InflateBudget;
  /** Asked for room before an event of so many bytes is read. */
  makeRoom: (bytes: number) => Promise<void> | undefined;
  depth?: number;
}): AsyncGenerator<Frame> {
  const { bytes, limits, budget, makeRoom, depth = 0 } = input;
  const need = async (count: number) => {
    if (bytes.length >= count || (await bytes.atLeast(count))) return;
    throw depth === 0 ? cut() : malformed("a compressed frame ends in the middle of another one");
  };
  while (bytes.length > 0 || (await bytes.atLeast(1))) {
    await need(2);
    const [version, type] = bytes.take(2);
    if (version !== VERSION) throw malformed(`version ${version} is not 2`);
    switch (type) {
      case WINDOW:
        if (depth > 0) throw malformed("a window begins within a compressed frame");
        await need(4);
        yield { kind: "window", size: bytes.take(4).readUInt32BE() };
        break;
      case JSON_EVENT: {
        await need(8);
        const head = bytes.take(8);
        const length = head.readUInt32BE(4);
        if (length > limits.event_mb * MB) throw malformed(`an event of ${length} bytes is over the limit`);
        await makeRoom(length);
        await need(length);
        yield { kind: "event", sequence: head.readUInt32BE(0), payload: bytes.take(length) };
        break;
      }
      case COMPRESSED: {
        if (depth >= limits.nesting) throw malformed("compressed frames are nested too deeply");
        await need(4);
        const length = bytes.take(4).readUInt32BE();
        if (length > limits.frame_mb * MB) throw malformed(`a compressed frame of ${length} bytes is over the limit`);
        const inner = createBytes(inflated({ bytes, length, budget }));
        yield* readFrames({ bytes: inner, limits, budget, makeRoom, depth: depth + 1 });
        break;
      }
      default:
        throw malformed(`there is no frame type ${type}`);
    }
  }
}

async function* inflated(input: { bytes: Bytes; length: number; budget: InflateBudget }): AsyncGenerator<Buffer> {
  const { bytes, length, budget } = input;
  const source = Readable.from(bytes.pieces(length), { objectMode: false });
  const inflate = createInflate();
  source.on("error", (error) => inflate.destroy(error));
  source.pipe(inflate);
  try {
    for await (const chunk of inflate as AsyncIterable<Buffer>) {
      budget.bytes -= chunk.length;
      if (budget.bytes < 0) throw malformed("a window holds more bytes than the limit");
      yield chunk;
    }
    if (inflate.bytesWritten < length) throw malformed("a compressed frame goes on behind the end of its data");
  } catch (error) {
    throw isFault(error) ? error : malformed(`a compressed frame cannot be inflated: ${messageOf(error)}`, error);
  } finally {
    source.destroy();
    inflate.destroy();
  }
}

export function malformed(reason: string, cause?: unknown): Fault {
  return new Fault("lumberjack_malformed", `What came is not Lumberjack v2: ${reason}.`, { cause });
}
