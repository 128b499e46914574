import { crc32 } from "node:zlib";
import { type DocumentText, joinTexts } from "./document-texts.ts";

/**
 * One record of the journal. Every frame is also a mark: all that was handed to the journal before `timeUs` stands in
 * this frame or in one before it. A frame without documents is nothing but a mark.
 */
export type Frame = {
  /** Position of the first document; the following documents count on from there. */
  position: number;
  timeUs: number;
  count: number;
  /** Written by an orderly stop. */
  clean: boolean;
  /** The documents in UTF-8, for `readTexts`. */
  text: Buffer;
};

/** The first bytes of a segment: the format and its version. */
export const SEGMENT_MAGIC = Buffer.from("ETHMONJ3", "latin1");
/** Their frames hold fewer kinds of records: this version reads them, and writes on behind them as its own. */
const EARLIER_MAGICS = ["ETHMONJ1", "ETHMONJ2"].map((magic) => Buffer.from(magic, "latin1"));
const FORMAT_PREFIX = "ETHMONJ";

/** length u32, CRC-32 u32; then the payload: kind u8, position u64, time u64, count u32, text. */
const OUTER_BYTES = 8;
const INNER_BYTES = 21;
const FRAME_HEADER_BYTES = OUTER_BYTES + INNER_BYTES;

/** A frame is closed when its text reaches this length: what one corrupt record can take with it. */
const FRAME_TEXT_LENGTH = 128 * 1024;
const FRAME_DOCUMENTS = 1_024;
/** The largest document, and with it the largest frame; a length above it is not a frame. */
export const MAX_DOCUMENT_BYTES = 8 * 1024 * 1024;
// A frame's text is measured in UTF-16 units, of at most three bytes, and without its commas.
export const MAX_FRAME_BYTES = MAX_DOCUMENT_BYTES + 4 * FRAME_TEXT_LENGTH + FRAME_HEADER_BYTES;

const KIND_DATA = 1;
const KIND_CLEAN = 2;
const MAX_POSITION = BigInt(Number.MAX_SAFE_INTEGER);

/** Encodes documents; an empty list makes a mark. */
export function encodeFrame(options: {
  position: number;
  timeUs: number;
  texts: readonly DocumentText[];
  clean?: boolean;
}): Buffer {
  const { position, timeUs, texts, clean = false } = options;
  const text = joinTexts(texts);
  const count = texts.reduce((sum, one) => sum + one.count, 0);
  const frame = Buffer.allocUnsafe(FRAME_HEADER_BYTES + Buffer.byteLength(text));
  frame.writeUInt32LE(frame.length - OUTER_BYTES, 0);
  frame.writeUInt8(clean ? KIND_CLEAN : KIND_DATA, 8);
  frame.writeBigUInt64LE(BigInt(position), 9);
  frame.writeBigUInt64LE(BigInt(Math.max(0, timeUs)), 17);
  frame.writeUInt32LE(count, 25);
  frame.write(text, FRAME_HEADER_BYTES, "utf8");
  frame.writeUInt32LE(crc32(frame.subarray(OUTER_BYTES)), 4);
  return frame;
}

/** Frames of bounded size for any number of documents; without documents one that is only a mark. */
export function encodeFrames(options: {
  firstPosition: number;
  timeUs: number;
  texts: readonly DocumentText[];
}): Buffer {
  const { firstPosition, timeUs, texts } = options;
  if (texts.length === 0) return encodeFrame({ position: firstPosition, timeUs, texts });
  const frames: Buffer[] = [];
  let from = 0;
  let length = 0;
  let position = firstPosition;
  let documents = 0;
  const templates = new Set<number>();
  for (let i = 0; i < texts.length; i++) {
    const { text, template, count, withNext } = texts[i] as DocumentText;
    length += text.length;
    documents += count;
    if (template !== undefined && !templates.has(template.id)) {
      templates.add(template.id);
      length += template.text.length;
    }
    const isFull = length >= FRAME_TEXT_LENGTH || documents >= FRAME_DOCUMENTS;
    if ((!isFull || withNext === true) && i < texts.length - 1) continue;
    frames.push(encodeFrame({ position, timeUs, texts: texts.slice(from, i + 1) }));
    from = i + 1;
    position += documents;
    documents = 0;
    length = 0;
    templates.clear();
  }
  return Buffer.concat(frames);
}

/** `more`: how many bytes from `offset` on must be there to tell; `damaged`: these bytes are not a frame. */
export type Decoded = { frame: Frame; end: number } | { more: number } | "damaged";

/** Reads the frame that begins at `offset`; its text is a view of `bytes`. */
export function decodeFrame(bytes: Buffer, offset: number): Decoded {
  const there = bytes.length - offset;
  if (there < FRAME_HEADER_BYTES) return { more: FRAME_HEADER_BYTES };
  const length = bytes.readUInt32LE(offset);
  const kind = bytes.readUInt8(offset + 8);
  if (length < INNER_BYTES || length + OUTER_BYTES > MAX_FRAME_BYTES) return "damaged";
  if (kind !== KIND_DATA && kind !== KIND_CLEAN) return "damaged";
  const position = bytes.readBigUInt64LE(offset + 9);
  const timeUs = bytes.readBigUInt64LE(offset + 17);
  if (position > MAX_POSITION || timeUs > MAX_POSITION) return "damaged";
  const end = offset + OUTER_BYTES + length;
  if (end > bytes.length) return { more: OUTER_BYTES + length };
  if (crc32(bytes.subarray(offset + OUTER_BYTES, end)) !== bytes.readUInt32LE(offset + 4)) return "damaged";
  return {
    frame: {
      position: Number(position),
      timeUs: Number(timeUs),
      count: bytes.readUInt32LE(offset + 25),
      clean: kind === KIND_CLEAN,
      text: bytes.subarray(offset + FRAME_HEADER_BYTES, end),
    },
    end,
  };
}

/** True for the first bytes of a journal of another version. */
export function isOtherVersion(head: Buffer): boolean {
  const magic = head.subarray(0, SEGMENT_MAGIC.length);
  return magic.toString("latin1").startsWith(FORMAT_PREFIX) && !magic.equals(SEGMENT_MAGIC) && !isEarlierVersion(head);
}

/** True for the first bytes of a journal that this version reads, though it writes another. */
export function isEarlierVersion(head: Buffer): boolean {
  return EARLIER_MAGICS.some((magic) => head.subarray(0, magic.length).equals(magic));
}
