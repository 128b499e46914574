import {
  BACKSLASH,
  CLOSE_ARRAY,
  CLOSE_OBJECT,
  COLON,
  COMMA,
  OPEN_ARRAY,
  OPEN_OBJECT,
  QUOTE,
} from "./json-characters.ts";

/** What is told of a JSON text while its bytes arrive. */
export type JsonEvents = {
  onOpen(kind: "object" | "array"): void;
  onClose(kind: "object" | "array"): void;
  onKey(key: string): void;
  /** A number, or a string of digits alone, up to 2^53 - 1. */
  onUint(value: number): void;
  /**
   * Any other string, number, or literal, as text without quotes; what is beyond `MAX_TEXT` is cut. It can be read
   * until the next event: most texts are of no interest.
   */
  onText(text: () => string): void;
};

export type JsonScan = {
  /** Throws a `SyntaxError` at the first byte that JSON does not have there. */
  push(chunk: Uint8Array): void;
  /** Throws a `SyntaxError` when the text is not complete. */
  end(): void;
};

const MAX_TEXT = 1024;
const MAX_DEPTH = 64;
/** Keys that are remembered: entries of one kind have the same ones. */
const MAX_KEYS = 64;
/** Digits up to here cannot take a number beyond 2^53. */
const SAFE_DIGITS = 15;

const ZERO = 0x30;
const NINE = 0x39;
const LITERALS = /^(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)$/;

/**
 * Reads JSON from bytes as they come, without building values: for answers of a million entries. Strings are told as
 * they stand, escapes not undone.
 */
export function createJsonScan(events: JsonEvents): JsonScan {
  const stack: ("object" | "array")[] = [];
  const text = Buffer.allocUnsafe(MAX_TEXT);
  let length = 0;
  let uint = 0;
  let digits = 0;
  let onlyDigits = true;
  let inString = false;
  let escaped = false;
  let inLiteral = false;
  // What may come next: a value, a key, the colon after it, or the comma or end after a value.
  let expected: "value" | "first" | "key" | "firstKey" | "colon" | "end" = "value";
  let done = false;

  const fail = (what: string): never => {
    throw new SyntaxError(what);
  };

  const keep = (byte: number) => {
    if (length < MAX_TEXT) text[length] = byte;
    length += 1;
    if (byte >= ZERO && byte <= NINE) {
      digits += 1;
      if (digits <= SAFE_DIGITS) uint = uint * 10 + byte - ZERO;
    } else onlyDigits = false;
  };

  const begin = () => {
    length = 0;
    uint = 0;
    digits = 0;
    onlyDigits = true;
  };

  const taken = () => text.toString("latin1", 0, Math.min(length, MAX_TEXT));

  const keys: { name: string; bytes: Buffer }[] = [];
  let keyPlace = 0;

  /** The key at [from, to), without making its text anew: keys come in the same order again and again. */
  const keyAt = (bytes: Uint8Array, from: number, to: number): string => {
    for (let tried = 0; tried < keys.length; tried += 1) {
      keyPlace = keyPlace + 1 < keys.length ? keyPlace + 1 : 0;
      const key = keys[keyPlace];
      if (key !== undefined && key.bytes.length === to - from && standsAt(key.bytes, bytes, from)) return key.name;
    }
    const own = Buffer.from(bytes.subarray(from, Math.min(to, from + MAX_TEXT)));
    const name = own.toString("latin1");
    if (keys.length < MAX_KEYS && own.length === to - from) {
      keyPlace = keys.length;
      keys.push({ name, bytes: own });
    }
    return name;
  };

  const afterValue = () => {
    if (stack.length === 0) done = true;
    expected = "end";
  };

  const tellValue = () => {
    if (onlyDigits && digits > 0 && digits <= SAFE_DIGITS) events.onUint(uint);
    else events.onText(taken);
    afterValue();
  };

  const endLiteral = () => {
    inLiteral = false;
    if (!LITERALS.test(taken())) fail(`${taken().slice(0, 20)} is no value`);
    tellValue();
  };

  const open = (kind: "object" | "array") => {
    if (expected !== "value" && expected !== "first") fail(`an ${kind} begins where none can`);
    if (stack.length >= MAX_DEPTH) fail("the values are nested too deeply");
    stack.push(kind);
    expected = kind === "object" ? "firstKey" : "first";
    events.onOpen(kind);
  };

  const close = (kind: "object" | "array") => {
    const mayBeEmpty = kind === "object" ? "firstKey" : "first";
    if (stack.at(-1) !== kind || (expected !== "end" && expected !== mayBeEmpty))
      fail(`an ${kind} ends where it cannot`);
    stack.pop();
    events.onClose(kind);
    afterValue();
  };

  const endString = () => {
    inString = false;
    if (expected === "key" || expected === "firstKey") {
      events.onKey(keyAt(text, 0, Math.min(length, MAX_TEXT)));
      expected = "colon";
    } else tellValue();
  };

  const structural = (byte: number) => {
    if (byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09) return;
    if (done) fail("something follows the value");
    switch (byte) {
      case QUOTE:
        if (expected === "colon" || expected === "end") fail("a string begins where none can");
        begin();
        inString = true;
        return;
      case OPEN_OBJECT:
        return open("object");
      case OPEN_ARRAY:
        return open("array");
      case CLOSE_OBJECT:
        return close("object");
      case CLOSE_ARRAY:
        return close("array");
      case COMMA:
        if (expected !== "end" || stack.length === 0) fail("a comma stands where none can");
        expected = stack.at(-1) === "object" ? "key" : "value";
        return;
      case COLON:
        if (expected !== "colon") fail("a colon stands where none can");
        expected = "value";
        return;
      default:
        if (expected !== "value" && expected !== "first") fail("a value begins where none can");
        begin();
        inLiteral = true;
        keep(byte);
    }
  };

  /** The place after a string that begins at `from` and ends in the same chunk without an escape; else `from`. */
  const wholeString = (chunk: Uint8Array, from: number): number => {
    let to = from;
    let value = 0;
    for (let byte = chunk[to] ?? 0; byte >= ZERO && byte <= NINE && to - from <= SAFE_DIGITS; byte = chunk[to] ?? 0) {
      value = value * 10 + byte - ZERO;
      to += 1;
    }
    const isUint = chunk[to] === QUOTE && to > from && to - from <= SAFE_DIGITS;
    while (to < chunk.length && chunk[to] !== QUOTE && chunk[to] !== BACKSLASH) to += 1;
    if (chunk[to] !== QUOTE) return from;
    inString = false;
    if (expected === "key" || expected === "firstKey") {
      events.onKey(keyAt(chunk, from, to));
      expected = "colon";
      return to + 1;
    }
    if (isUint) events.onUint(value);
    else events.onText(() => latin1(chunk, from, Math.min(to, from + MAX_TEXT)));
    afterValue();
    return to + 1;
  };

  return {
    push(chunk) {
      for (let at = 0; at < chunk.length; ) {
        const byte = chunk[at] ?? 0;
        at += 1;
        if (inString) {
          if (escaped) {
            escaped = false;
            keep(byte);
          } else if (byte === QUOTE) endString();
          else {
            if (byte === BACKSLASH) escaped = true;
            keep(byte);
          }
          continue;
        }
        if (inLiteral) {
          if (byte > 0x20 && byte !== COMMA && byte !== CLOSE_ARRAY && byte !== CLOSE_OBJECT && length < MAX_TEXT) {
            keep(byte);
            continue;
          }
          endLiteral();
        }
        structural(byte);
        if (inString) at = wholeString(chunk, at);
      }
    },
    end() {
      if (inLiteral) endLiteral();
      if (!done || inString) fail("the text ends before its value does");
    },
  };
}

function standsAt(words: Uint8Array, bytes: Uint8Array, from: number): boolean {
  for (let at = 0; at < words.length; at += 1) if (bytes[from + at] !== words[at]) return false;
  return true;
}

function latin1(bytes: Uint8Array, from: number, to: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from).toString("latin1");
}
