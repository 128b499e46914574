/** Rows that the database passes over together where none of a list's values can be among them, and rows that it reads. */
const ROW_GROUP = 122_880n;
const VECTOR = 2_048n;
/** To compare each position takes time, too: worth it for few positions and many columns. */
const MAX_COMPARED = 32;
const MIN_COLUMNS = 8;

/**
 * The condition of these positions, never none, for a statement that reads so many columns. By a list the database sees
 * which parts of a table cannot hold it; of all other parts it reads every column before it compares. Within a part it
 * passes over what is out of bounds, and what is told by another condition than a list.
 */
export function seqIn(seqs: Iterable<bigint>, columns: number): string {
  const list = [...seqs].sort((a, b) => (a < b ? -1 : 1));
  const [first = 0n, last = 0n] = [list[0], list.at(-1)];
  const span = last - first;
  const isIn = `_seq IN (${list.join(", ")})`;
  const isCompared = span > VECTOR && columns >= MIN_COLUMNS && list.length <= MAX_COMPARED;
  const bounds = span < ROW_GROUP ? [`_seq BETWEEN ${first} AND ${last}`] : [];
  return [isIn, ...bounds, ...(isCompared ? [`coalesce(${isIn}, FALSE)`] : [])].join(" AND ");
}
