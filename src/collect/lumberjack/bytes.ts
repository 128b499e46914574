import { Fault } from "../../lib/fault.ts";

/** A stream of bytes that is read by exact lengths. */
export type Bytes = {
  /** How many are at hand. */
  readonly length: number;
  /** Waits for `count` at hand; false when the stream ends before. */
  atLeast(count: number): Promise<boolean>;
  /** The next ones, which must be at hand. */
  take(count: number): Buffer;
  /** The next `count` as they come, none of them held back; throws `lumberjack_cut` when the stream ends before. */
  pieces(count: number): AsyncGenerator<Buffer>;
};

const NOTHING = Buffer.alloc(0);

/** Reads chunks only when bytes are missing, so that a reader that stops holds the sender up. */
export function createBytes(chunks: AsyncIterable<Uint8Array>): Bytes {
  const iterator = chunks[Symbol.asyncIterator]();
  let head: Buffer = NOTHING;
  let rest: Buffer[] = [];
  let restLength = 0;

  const more = async (): Promise<boolean> => {
    const { done, value } = await iterator.next();
    if (done === true) return false;
    const chunk = Buffer.from(value.buffer, value.byteOffset, value.byteLength);
    if (head.length === 0) head = chunk;
    else {
      rest.push(chunk);
      restLength += chunk.length;
    }
    return true;
  };
  const length = () => head.length + restLength;
  const take = (count: number): Buffer => {
    if (count > head.length) {
      head = Buffer.concat([head, ...rest]);
      rest = [];
      restLength = 0;
    }
    const taken = head.subarray(0, count);
    head = head.subarray(count);
    return taken;
  };

  return {
    get length() {
      return length();
    },
    async atLeast(count) {
      while (length() < count) if (!(await more())) return false;
      return true;
    },
    take,
    async *pieces(count) {
      for (let left = count; left > 0; ) {
        if (length() === 0 && !(await more())) throw cut();
        const piece = take(Math.min(left, length()));
        left -= piece.length;
        yield piece;
      }
    },
  };
}

/** The sender went away in the middle of something: it will send that again. */
export function cut(cause?: unknown): Fault {
  return new Fault("lumberjack_cut", "The connection ended in the middle.", { retry: "retryable", cause });
}
