import type { Comparison } from "../store/copy/compare.ts";
import type { Difference } from "../store/copy/differences.ts";

/** What two stores have of one index, for people: one line, and one a difference. */
export function comparisonLines(comparison: Comparison): string[] {
  const { index, source, target, superseded, same, examples } = comparison;
  const newer = superseded === 0 ? "" : `, ${superseded} of them newer on one side`;
  if (same) return [`${index}  ${target.documents} documents, checksum ${target.checksum}${newer}`];
  return [
    `${index}  differs: ${source.documents} documents at the source, ${target.documents} at the target${newer}`,
    ...examples.map((example) => `  ${exampleWords(example)}`),
  ];
}

function exampleWords({ kind, id, seq, field }: Difference): string {
  switch (kind) {
    case "missing":
      return `${id} (position ${seq}) is missing at the target`;
    case "extra":
      return `${id} (position ${seq}) is at the target alone`;
    case "changed":
      return `${id} (position ${seq}) differs${field === undefined ? "" : ` in ${field}`}`;
  }
}
