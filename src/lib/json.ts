/** An integer of 16 digits or more outside of a string: 2^53 has 16. Strings of digits follow a quote, never these. */
const LONG_INTEGER = /(?:^|[:,[\s])-?\d{16}/;

/**
 * Parses JSON like `JSON.parse`, but an integer beyond 2^53, written in digits, becomes its decimal string instead of
 * losing its last digits silently. Throws `SyntaxError`.
 */
export function parseJsonExact(text: string): unknown {
  return LONG_INTEGER.test(text) ? JSON.parse(text, exactInteger) : JSON.parse(text);
}

function exactInteger(_key: string, value: unknown, context?: { source?: string }): unknown {
  if (typeof value !== "number" || Number.isSafeInteger(value)) return value;
  const source = context?.source;
  return source !== undefined && /^-?\d+$/.test(source) ? source : value;
}
