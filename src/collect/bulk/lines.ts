import { refusal } from "../../events/refusal.ts";

/** One line without its end; `ended` is false for a last one that no newline follows. */
export type Line = { text: string; ended: boolean };

const NEWLINE = 0x0a;
const RETURN = 0x0d;

/** The lines of a request's body, never more than one and a chunk in memory. Refuses with 413 a line over the limit. */
export async function* bulkLines(chunks: AsyncIterable<Uint8Array>, maxLineBytes: number): AsyncGenerator<Line> {
  let begun: Buffer[] = [];
  let length = 0;
  const grow = (piece: Buffer) => {
    length += piece.length;
    if (length > maxLineBytes) throw tooLong(maxLineBytes);
    begun.push(piece);
  };
  const line = (): string => {
    const [only] = begun;
    const whole = begun.length === 1 && only !== undefined ? only : Buffer.concat(begun);
    begun = [];
    length = 0;
    return whole.toString("utf8", 0, whole.at(-1) === RETURN ? whole.length - 1 : whole.length);
  };
  for await (const chunk of chunks) {
    const buffer = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    let from = 0;
    for (let end = buffer.indexOf(NEWLINE); end >= 0; end = buffer.indexOf(NEWLINE, from)) {
      grow(buffer.subarray(from, end));
      yield { text: line(), ended: true };
      from = end + 1;
    }
    if (from < buffer.length) grow(buffer.subarray(from));
  }
  if (length > 0) yield { text: line(), ended: false };
}

function tooLong(maxLineBytes: number): Error {
  return refusal({
    type: "content_too_long_exception",
    reason: `A line of the request is longer than [${maxLineBytes}] bytes`,
    status: 413,
  });
}
