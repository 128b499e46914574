import {
  BACKSLASH,
  CLOSE_ARRAY,
  CLOSE_OBJECT,
  COLON,
  COMMA,
  OPEN_ARRAY,
  OPEN_OBJECT,
  QUOTE,
} from "../../lib/json-characters.ts";

/** A place in documents by the keys that lead to it; lists add nothing. */
export type PathNode = {
  readonly path: string;
  readonly children: Map<string, PathNode>;
  /** What who walks remembers of the leaves that stood there before. */
  usualWay: string;
  literals: number;
};

/** Told of a leaf, which stands at [from, to) of the text. */
export type OnLeaf = (from: number, to: number, node: PathNode) => void;

/** Bytes of all paths, about. */
const MAX_HELD = 8_000_000;
const NODE_BYTES = 300;
const MAX_DEPTH = 100;

const SPACE = 0x20;

let root = createNode("");
let held = 0;

/**
 * Tells of every leaf of a JSON object's text, in order, without building values. A control character that is no white
 * space is a leaf of its own, so that a text whose leaves were replaced by such is walked along the same paths. Other
 * tokens are told as they stand, whether or not JSON has them. False for a text that no path leads through.
 */
export function walkLeaves(text: string, onLeaf: OnLeaf): boolean {
  // Paths are the same from document to document: they are made once, and anew where senders make up ever more.
  if (held > MAX_HELD) {
    root = createNode("");
    held = 0;
  }
  const open: PathNode[] = [];
  const inObject: boolean[] = [];
  let node = root;
  let keyNext = false;
  let at = 0;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    const top = open.length - 1;
    if (code === QUOTE) {
      const end = stringEnd(text, at);
      if (end < 0 || top < 0) return false;
      if (keyNext) {
        const key = keyAt(text, at, end);
        if (key === undefined) return false;
        node = below(open[top] as PathNode, key);
        keyNext = false;
      } else onLeaf(at, end, node);
      at = end;
    } else if (code === COMMA) {
      keyNext = inObject[top] === true;
      node = open[top] ?? root;
      at += 1;
    } else if (code === OPEN_OBJECT || code === OPEN_ARRAY) {
      if (open.length >= MAX_DEPTH) return false;
      keyNext = code === OPEN_OBJECT;
      open.push(node);
      inObject.push(keyNext);
      at += 1;
    } else if (code === CLOSE_OBJECT || code === CLOSE_ARRAY) {
      if (inObject.pop() !== (code === CLOSE_OBJECT)) return false;
      open.pop();
      keyNext = false;
      at += 1;
    } else if (code === COLON || isSpace(code)) at += 1;
    else {
      if (top < 0 || keyNext) return false;
      const end = leafEnd(text, at);
      onLeaf(at, end, node);
      at = end;
    }
  }
  return open.length === 0;
}

function createNode(path: string): PathNode {
  return { path, children: new Map(), usualWay: "", literals: 0 };
}

function below(parent: PathNode, key: string): PathNode {
  const known = parent.children.get(key);
  if (known !== undefined) return known;
  // A piece of a document's text would keep the whole of it.
  const own = Buffer.from(key, "utf16le").toString("utf16le");
  const node = createNode(parent === root ? own : `${parent.path}.${own}`);
  parent.children.set(own, node);
  held += own.length + node.path.length + NODE_BYTES;
  return node;
}

/** Undefined for a text between quotation marks that is no string of JSON. */
function keyAt(text: string, from: number, to: number): string | undefined {
  const raw = text.slice(from + 1, to - 1);
  if (!raw.includes("\\")) return raw;
  try {
    return JSON.parse(text.slice(from, to)) as string;
  } catch {
    return undefined;
  }
}

/** The place behind the leaf that begins here; -1 where none does. */
export function leafEnd(text: string, from: number): number {
  switch (text.charCodeAt(from)) {
    case QUOTE:
      return stringEnd(text, from);
    case OPEN_OBJECT:
    case OPEN_ARRAY:
      return -1;
    default:
      return tokenEnd(text, from);
  }
}

/** The place behind the string that begins here; -1 for one that does not end, or has what only an escape can tell. */
function stringEnd(text: string, from: number): number {
  for (let at = from + 1; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) return at + 1;
    if (code === BACKSLASH) at += 1;
    else if (code < SPACE) return -1;
  }
  return -1;
}

function tokenEnd(text: string, from: number): number {
  if (text.charCodeAt(from) < SPACE) return from + 1;
  for (let at = from + 1; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code <= SPACE || code === COMMA || code === CLOSE_OBJECT || code === CLOSE_ARRAY) return at;
  }
  return text.length;
}

function isSpace(code: number): boolean {
  return code === SPACE || code === 0x0a || code === 0x0d || code === 0x09;
}
