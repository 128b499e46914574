/**
 * Delays for reconnecting: exponential with full jitter between half and all of the step,
 * so that nodes which fell together do not come back together.
 */
export function createBackoff(options: { firstMs: number; maxMs: number; random?: () => number }): {
  nextMs(): number;
  reset(): void;
} {
  const { firstMs, maxMs, random = Math.random } = options;
  let stepMs = Math.min(firstMs, maxMs);
  return {
    nextMs() {
      const delayMs = Math.round(stepMs * (0.5 + random() / 2));
      stepMs = Math.min(maxMs, stepMs * 2);
      return delayMs;
    },
    reset() {
      stepMs = Math.min(firstMs, maxMs);
    },
  };
}
