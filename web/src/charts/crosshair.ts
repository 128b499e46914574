/** The moment that the pointer is on, told to every chart of a page. */
export type Crosshair = {
  point(timeMs: number | undefined): void;
  subscribe(told: (timeMs: number | undefined) => void): () => void;
};

export function createCrosshair(): Crosshair {
  const listeners = new Set<(timeMs: number | undefined) => void>();
  return {
    point(timeMs) {
      for (const told of listeners) told(timeMs);
    },
    subscribe(told) {
      listeners.add(told);
      return () => listeners.delete(told);
    },
  };
}
