import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createFrameRing } from "./frame-ring.ts";

const ring = (limits: { maxFrames?: number; maxBytes?: number } = {}) =>
  createFrameRing({ runId: "k3f9", maxFrames: 10, maxBytes: 10_000, ...limits });

describe("the ring of records", () => {
  it("holds records of the event stream as they go over the wire", () => {
    const one = ring();
    one.push("gap", { reason: "a\nb" });
    expect(one.at(1)).toBe('id: k3f9-1\nevent: gap\ndata: {"reason":"a\\nb"}\n\n');
    expect(one.lastId()).toBe("k3f9-1");
  });

  it("keeps the newest record even when it alone is too large", () => {
    const one = ring({ maxBytes: 100 });
    one.push("gap", "small");
    one.push("gap", "x".repeat(1000));
    expect(one.at(1)).toBeUndefined();
    expect(one.at(2)).toContain("xxx");
    one.push("gap", "small");
    expect(one.first).toBe(3);
  });

  it("says that an id from the future was never sent", () => {
    const one = ring();
    one.push("gap", 1);
    expect(one.positionAfter("k3f9-1")).toEqual({ next: 2 });
    expect(one.positionAfter("k3f9-2")).toEqual({ lost: "This event was never sent." });
  });

  it("never exceeds its bounds, and lets whoever comes back either miss nothing or know it", () => {
    const step = fc.oneof(
      { weight: 9, arbitrary: fc.nat({ max: 400 }).map((size) => "x".repeat(size)) },
      { weight: 1, arbitrary: fc.constant(undefined) },
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), fc.nat({ max: 60 }), (steps, stopAfter) => {
        const one = ring({ maxFrames: 8, maxBytes: 1500 });
        const sent: string[] = [];
        let lost = false;
        let id = one.lastId();
        steps.forEach((data, index) => {
          if (data === undefined) one.breakOff();
          else one.push("gap", data);
          const newest = data === undefined ? undefined : one.at(one.next - 1);
          if (index < stopAfter) id = one.lastId();
          else if (newest === undefined) lost = true;
          else sent.push(newest);
        });

        const held = Array.from({ length: one.next - one.first }, (_, index) => one.at(one.first + index) ?? "");
        expect(held).not.toContain("");
        expect(held.length).toBeLessThanOrEqual(8);
        if (held.length > 1) expect(Buffer.byteLength(held.join(""))).toBeLessThanOrEqual(1500);

        const position = one.positionAfter(id);
        if ("lost" in position) {
          expect(lost || sent.length > held.length).toBe(true);
        } else {
          expect(lost).toBe(false);
          expect(held.slice(position.next - one.first)).toEqual(sent);
        }
      }),
    );
  });
});
