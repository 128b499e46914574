/**
 * What may be an integer beyond 2^53 = 9007199254740992 outside of a string. Strings of digits follow a quote, never these.
 */
const LONG_INTEGER = /(?:^|[:,[\s])-?(?:9\d{15}|\d{17})/;

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
