/** A measured difference of two nodes' own values, `b` less `a`, with its standard error. */
export type Comparison = { a: string; b: string; difference: number; error: number };

export type Estimate = { value: number; error: number };

/** No comparison counts for more than one that is right to a tenth of a millisecond: nothing arrives as evenly. */
const LEAST_ERROR = 0.1;

/**
 * Weighted least squares for one value a node from differences between pairs: minimizes the sum over all pairs of
 * ((value_b - value_a - difference) / error)^2. Differences leave one constant open, so the values are given such that
 * they add up to 0. Only nodes that are joined by comparisons can be compared: the largest such group is answered,
 * the others are left out.
 *
 * The normal equations are a weighted graph's Laplacian; its pseudoinverse is the covariance. Two corrections: pairs of
 * one node share that node's arrivals, so that with n nodes n/2 pairs tell what one independent pair would; and where
 * pairs contradict each other by more than their errors, errors are raised by Birge's ratio.
 */
export function solveDifferences(comparisons: readonly Comparison[]): Map<string, Estimate> {
  const nodes = largestGroup(comparisons);
  const size = nodes.length;
  if (size < 2) return new Map();
  const indexOf = new Map(nodes.map((node, index) => [node, index]));
  const joined = comparisons.flatMap(({ a, b, difference, error }) => {
    const i = indexOf.get(a);
    const j = indexOf.get(b);
    return i === undefined || j === undefined
      ? []
      : { i, j, difference, weight: 1 / Math.max(error, LEAST_ERROR) ** 2 };
  });

  // The Laplacian plus a constant matrix is regular, and has the same answer where the values add up to 0.
  const constant = joined.reduce((sum, { weight }) => sum + weight, 0) / size;
  const matrix = nodes.map(() => nodes.map(() => constant));
  const right = nodes.map(() => 0);
  const add = (row: number, column: number, value: number) => {
    const line = matrix[row];
    if (line !== undefined) line[column] = (line[column] ?? 0) + value;
  };
  for (const { i, j, difference, weight } of joined) {
    add(i, i, weight);
    add(j, j, weight);
    add(i, j, -weight);
    add(j, i, -weight);
    right[i] = (right[i] ?? 0) - weight * difference;
    right[j] = (right[j] ?? 0) + weight * difference;
  }
  const inverse = inverted(matrix);
  const values = inverse.map((row) => row.reduce((sum, cell, column) => sum + cell * (right[column] ?? 0), 0));

  const misfit = joined.reduce(
    (sum, { i, j, difference, weight }) => sum + weight * ((values[j] ?? 0) - (values[i] ?? 0) - difference) ** 2,
    0,
  );
  const freedom = joined.length - (size - 1);
  const inflation = (size / 2) * Math.max(1, freedom > 0 ? misfit / freedom : 1);
  // What the constant matrix added to the inverse.
  const added = 1 / (constant * size * size);
  return new Map(
    nodes.map((node, index) => {
      const variance = Math.max(0, (inverse[index]?.[index] ?? 0) - added) * inflation;
      return [node, { value: values[index] ?? 0, error: Math.sqrt(variance) }];
    }),
  );
}

/** The most nodes that comparisons join, by name; of two such groups that with the first name. */
function largestGroup(comparisons: readonly Comparison[]): string[] {
  const neighbours = new Map<string, Set<string>>();
  const join = (from: string, to: string) => neighbours.set(from, (neighbours.get(from) ?? new Set()).add(to));
  for (const { a, b } of comparisons) {
    join(a, b);
    join(b, a);
  }
  const left = new Set([...neighbours.keys()].sort());
  let largest: string[] = [];
  for (const first of left) {
    const group = [first];
    left.delete(first);
    for (const node of group) {
      for (const next of neighbours.get(node) ?? []) if (left.delete(next)) group.push(next);
    }
    if (group.length > largest.length) largest = group.sort();
  }
  return largest;
}

/** Gauss-Jordan with the largest pivot. The matrix is positive definite, and so always regular. */
function inverted(matrix: readonly (readonly number[])[]): number[][] {
  const size = matrix.length;
  const rows = matrix.map((row, index) => [...row, ...row.map((_, column) => (column === index ? 1 : 0))]);
  for (let column = 0; column < size; column += 1) {
    let pivot = column;
    for (let row = column + 1; row < size; row += 1)
      if (Math.abs(rows[row]?.[column] ?? 0) > Math.abs(rows[pivot]?.[column] ?? 0)) pivot = row;
    const pivotRow = rows[pivot] ?? [];
    rows[pivot] = rows[column] ?? [];
    const divisor = pivotRow[column] ?? 1;
    const scaled = pivotRow.map((cell) => cell / divisor);
    rows[column] = scaled;
    for (let row = 0; row < size; row += 1) {
      const factor = rows[row]?.[column] ?? 0;
      if (row === column || factor === 0) continue;
      rows[row] = (rows[row] ?? []).map((cell, index) => cell - factor * (scaled[index] ?? 0));
    }
  }
  return rows.map((row) => row.slice(size));
}
