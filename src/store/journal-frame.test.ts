import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeFrame, encodeFrame } from "./journal-frame.ts";

describe("a frame", () => {
  test("comes back as it was written, whatever the text", () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.string({ unit: "binary" }).map((text) => JSON.stringify(text)),
          { maxLength: 20 },
        ),
        fc.nat(),
        fc.boolean(),
        (texts, position, clean) => {
          const whole = texts.map((text) => ({ text, count: 1 }));
          const bytes = encodeFrame({ position, timeUs: 1_700_000_000_123_456, texts: whole, clean });
          const decoded = decodeFrame(bytes, 0);
          expect(decoded).toMatchObject({ end: bytes.length, frame: { position, count: texts.length, clean } });
          if (typeof decoded === "string" || "more" in decoded || texts.length === 0) return;
          expect(JSON.parse(decoded.frame.text.toString())).toEqual(texts.map((text) => JSON.parse(text)));
        },
      ),
    );
  });

  test("with any one byte changed is never taken for a whole one", () => {
    const bytes = encodeFrame({
      position: 7,
      timeUs: 1_700_000_000_000_000,
      texts: [
        { text: '{"a":1}', count: 1 },
        { text: '{"b":2}', count: 1 },
      ],
    });
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const broken = Buffer.from(bytes);
        broken[at] = (broken[at] as number) ^ change;
        const decoded = decodeFrame(broken, 0);
        expect(decoded === "damaged" || (typeof decoded === "object" && "more" in decoded)).toBe(true);
      }),
    );
  });
});
