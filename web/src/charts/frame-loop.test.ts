import { expect, test } from "vitest";
import { createFrameLoop } from "./frame-loop.ts";

function manualFrames() {
  let callbacks: (() => void)[] = [];
  return {
    request: (callback: () => void) => void callbacks.push(callback),
    next() {
      const due = callbacks;
      callbacks = [];
      for (const callback of due) callback();
      return due.length;
    },
  };
}

test("a canvas paints once a frame however often it asks, and all share one frame", () => {
  const frames = manualFrames();
  const loop = createFrameLoop(frames.request);
  const painted: string[] = [];
  const grid = () => void painted.push("grid");
  const strip = () => void painted.push("strip");
  loop.request(grid);
  loop.request(grid);
  loop.request(strip);
  expect(frames.next()).toBe(1);
  expect(painted).toEqual(["grid", "strip"]);
  expect(frames.next()).toBe(0);
});

test("a canvas that asks while it paints comes in the next frame", () => {
  const frames = manualFrames();
  const loop = createFrameLoop(frames.request);
  let count = 0;
  const animate = () => {
    count += 1;
    if (count < 3) loop.request(animate);
  };
  loop.request(animate);
  frames.next();
  expect(count).toBe(1);
  frames.next();
  frames.next();
  frames.next();
  expect(count).toBe(3);
});

test("a cancelled canvas is not painted", () => {
  const frames = manualFrames();
  const loop = createFrameLoop(frames.request);
  let painted = false;
  const paint = () => {
    painted = true;
  };
  loop.request(paint);
  loop.cancel(paint);
  frames.next();
  expect(painted).toBe(false);
});
