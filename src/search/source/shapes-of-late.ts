import { isColumnless, wantedShape } from "./read-sources.ts";

/** What the texts of a table's next documents are likely made of. */
export type Guess = {
  /** As `CellRows` has them; none where guesses were wrong of late. */
  fields: readonly string[];
  /** Tells of which shapes the documents were. */
  note(shapes: readonly (string | null)[]): void;
};

const MAX_TABLES = 64;
const MAX_SHAPES = 16;
/** A column that is read for nothing takes time, too: shapes that have little in common are not guessed together. */
const MAX_FIELDS = 120;
const MAX_MORE_FIELDS = 24;
/** Of the documents, that are of guessed shapes where the guess was right. */
const RIGHT_SHARE = 0.75;
const MOST_TRUST = 4;
const LOST_TRUST = 2;

type Late = {
  shapes: readonly string[];
  /** Below zero nothing is guessed until guesses would have been right again. */
  trust: number;
};

let tables = new Map<string, Late>();

/** By the shapes of the documents that were read of late. Fields that the search does not know may have no column in it. */
export function guessFields(options: {
  table: string;
  /** Undefined where all is. */
  isWanted: ((path: string) => boolean) | undefined;
  isKnown: (field: string) => boolean;
}): Guess {
  const { table, isWanted, isKnown } = options;
  const { shapes: before, trust } = tables.get(table) ?? { shapes: [], trust: 0 };
  const needsOf = (shape: string) => [...wantedShape(shape, isWanted).needs];
  const fields = new Set<string>();
  let most = MAX_FIELDS;
  for (const [i, shape] of before.entries()) {
    const needs = needsOf(shape);
    const together = new Set([...fields, ...needs]);
    if (together.size > most || !needs.every((field) => isColumnless(field) || isKnown(field))) continue;
    for (const field of needs) fields.add(field);
    if (i === 0) most = Math.min(MAX_FIELDS, fields.size + MAX_MORE_FIELDS);
  }
  return {
    fields: trust < 0 ? [] : [...fields],
    note(read) {
      const counts = new Map<string, number>();
      for (const shape of read) if (shape !== null) counts.set(shape, (counts.get(shape) ?? 0) + 1);
      if (counts.size === 0) return;
      const guessed = [...counts].filter(([shape]) => needsOf(shape).every((field) => fields.has(field)));
      const isRight = guessed.reduce((sum, [, count]) => sum + count, 0) >= RIGHT_SHARE * read.length;
      const changed = isRight ? Math.min(MOST_TRUST, trust + 1) : Math.max(-LOST_TRUST, trust - LOST_TRUST);
      if (!tables.has(table) && tables.size >= MAX_TABLES) tables = new Map();
      tables.set(table, {
        shapes: [...new Set([...counts.keys(), ...before])].slice(0, MAX_SHAPES),
        trust: before.length === 0 ? trust : changed,
      });
    },
  };
}
