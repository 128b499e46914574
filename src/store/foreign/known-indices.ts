import type { ForeignIndex } from "./foreign-tables.ts";

/** The indices of others that a store knows: what earlier runs knew, and every change since. */
export type KnownIndices = {
  /** Resolves when those of earlier runs are known. Rejects as `load` does; the next call tries again. */
  ready(): Promise<void>;
  note(index: ForeignIndex): void;
  forget(name: string): void;
  get(name: string): ForeignIndex | undefined;
  all(): readonly ForeignIndex[];
};

/** @param load reads what is stored of all of them, once: from then on every change is noted here. */
export function createKnownIndices({ load }: { load: () => Promise<readonly ForeignIndex[]> }): KnownIndices {
  const known = new Map<string, ForeignIndex>();
  let reading: Promise<void> | undefined;

  return {
    ready() {
      reading ??= load().then(
        (stored) => {
          // What was noted meanwhile is newer.
          for (const index of stored) if (!known.has(index.name)) known.set(index.name, index);
        },
        (error: unknown) => {
          reading = undefined;
          throw error;
        },
      );
      return reading;
    },
    note: (index) => void known.set(index.name, index),
    forget: (name) => void known.delete(name),
    get: (name) => known.get(name),
    all: () => [...known.values()],
  };
}
