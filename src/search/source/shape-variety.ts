import type { SourceParts } from "./take-apart.ts";

/** Where most documents have a shape of their own, to take them apart saves nothing, and their texts are kept whole. */
export type ShapeVariety = {
  /** What `take` gives, or undefined where it is not worth to try. One document in some is tried all the same. */
  tried(take: () => SourceParts | undefined): SourceParts | undefined;
};

/** Reached where more than one shape in five is new for long. */
const MANY = 512;
const MOST = 640;
const EACH_NEW = 4;
const TRIED_OF = 16;
/** Names that are remembered; beyond, all are tried again. */
const MAX_NAMES = 4_096;

let varieties = new Map<string, ShapeVariety>();

/** Of the documents that go by a name. */
export function shapeVarietyOf(name: string): ShapeVariety {
  const known = varieties.get(name);
  if (known !== undefined) return known;
  if (varieties.size >= MAX_NAMES) varieties = new Map();
  const variety = createShapeVariety();
  varieties.set(name, variety);
  return variety;
}

function createShapeVariety(): ShapeVariety {
  let excess = 0;
  let passed = 0;
  return {
    tried(take) {
      passed = (passed + 1) % TRIED_OF;
      if (excess >= MANY && passed > 0) return undefined;
      const parts = take();
      const isNew = parts === undefined || parts.isNew;
      excess = Math.min(MOST, Math.max(0, excess + (isNew ? EACH_NEW : -1)));
      return parts;
    },
  };
}
