import type { RecordingLine } from "./recording-line.ts";

/** A recorder writes what several connections bring as it comes to it: a line may stand this far after later ones. */
const WINDOW_US = 1_000_000;

/** About five mainnet nodes at their peak, for a second. */
const MAX_HELD = 65_536;

/**
 * Puts lines that stand a little out of order back by arrival; lines of one moment keep their order. A line that stands
 * further behind was written by a clock that was set back: it stays after those before it.
 */
export async function* inArrivalOrder(lines: AsyncIterable<RecordingLine>): AsyncGenerator<RecordingLine> {
  const held: { line: RecordingLine; atUs: number }[] = [];
  for await (const line of lines) {
    if (line.kind === "unreadable") {
      yield line;
      continue;
    }
    const atUs = line.envelope.receivedAtUs;
    if ((held.at(-1)?.atUs ?? atUs) - atUs > WINDOW_US) for (const { line: before } of held.splice(0)) yield before;
    held.splice(held.findLastIndex((other) => other.atUs <= atUs) + 1, 0, { line, atUs });
    const newestUs = held.at(-1)?.atUs ?? atUs;
    while (held.length > MAX_HELD || newestUs - (held[0]?.atUs ?? newestUs) > WINDOW_US) {
      const first = held.shift();
      if (first !== undefined) yield first.line;
    }
  }
  for (const { line } of held) yield line;
}
