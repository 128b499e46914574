export type FrameLoop = {
  /** Paints on the next frame, once however often it was asked for. */
  request(paint: () => void): void;
  cancel(paint: () => void): void;
};

/** One animation frame for all canvases of the page. */
export function createFrameLoop(requestFrame: (callback: () => void) => void): FrameLoop {
  let due = new Set<() => void>();
  let requested = false;
  const run = () => {
    requested = false;
    const now = due;
    due = new Set();
    for (const paint of now) paint();
  };
  return {
    request(paint) {
      due.add(paint);
      if (requested) return;
      requested = true;
      requestFrame(run);
    },
    cancel: (paint) => void due.delete(paint),
  };
}

export const pageFrames: FrameLoop = createFrameLoop((callback) => requestAnimationFrame(callback));
