import fc from "fast-check";
import { expect, test } from "vitest";
import { cutText, shownText } from "./safe-text.ts";

test("a terminal's colours are left out, other controls are seen", () => {
  expect(shownText("\u001b[31;1mERROR\u001b[0m late")).toBe("ERROR late");
  expect(shownText("\u001b]8;;http://x\u0007link\u001b]8;;\u0007")).toBe("link");
  expect(shownText("a\u0000b\u0007c\u007f")).toBe("a␀b␇c␡");
  expect(shownText("gpj.\u202eexe\u200b")).toBe("gpj.<U+202E>exe<U+200B>");
  expect(shownText("<script>alert(1)</script>\n\ttab")).toBe("<script>alert(1)</script>\n\ttab");
});

test("nothing that controls is left in any text", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      expect(shownText(text)).not.toMatch(/(?![\t\n])\p{Cc}|[\u202a-\u202e\u2066-\u2069]/u);
    }),
  );
});

test("a cut never falls within a character", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), fc.integer({ min: 1, max: 20 }), (text, most) => {
      const cut = cutText(text, most);
      if (cut === undefined) expect(text.length).toBeLessThanOrEqual(most);
      else {
        expect(text.startsWith(cut)).toBe(true);
        expect(cut.isWellFormed()).toBe(true);
        expect(cut.length).toBeLessThanOrEqual(most);
      }
    }),
  );
});
