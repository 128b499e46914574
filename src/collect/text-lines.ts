/**
 * The lines of UTF-8 text, which end with "\n" or "\r\n" and nothing else: JSON may hold U+2028 and U+2029 as they are.
 * A last line without an end is a line.
 */
export async function* textLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let begun = "";
  for await (const chunk of chunks) {
    const [first = "", ...others] = decoder.decode(chunk, { stream: true }).split("\n");
    begun += first;
    for (const other of others) {
      yield withoutReturn(begun);
      begun = other;
    }
  }
  begun += decoder.decode();
  if (begun !== "") yield withoutReturn(begun);
}

function withoutReturn(line: string): string {
  return line.endsWith("\r") ? line.slice(0, -1) : line;
}
