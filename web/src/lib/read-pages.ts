/** The API's limit of one page. */
const MOST_OF_PAGE = 1000;

/**
 * Reads records from `before` (excluded) down to the slot or epoch `from`, page by page, newest first. Ends early
 * where nothing older is stored; rejects as `page` does.
 */
export async function readPages<R>(input: {
  from: number;
  before: number;
  page(request: { limit: number; before: number }): Promise<{ records: readonly R[]; next: number | null }>;
  keyOf(record: R): number;
}): Promise<R[]> {
  const { from, page, keyOf } = input;
  const read: R[] = [];
  let before = input.before;
  while (before > from) {
    const { records, next } = await page({ limit: Math.min(MOST_OF_PAGE, before - from), before });
    read.push(...records.filter((record) => keyOf(record) >= from));
    if (next === null || next >= before) break;
    before = next;
  }
  return read;
}
