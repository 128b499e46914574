/** Stored records with those of the stream over them, within the bounds, by ascending key. */
export function laidOver<R>(input: {
  stored: readonly R[];
  live: ReadonlyMap<unknown, R>;
  keyOf(record: R): number;
  first: number;
  last: number;
}): R[] {
  const { stored, live, keyOf, first, last } = input;
  const byKey = new Map(stored.map((record) => [keyOf(record), record]));
  for (const record of live.values()) byKey.set(keyOf(record), record);
  return [...byKey.values()]
    .filter((record) => keyOf(record) >= first && keyOf(record) <= last)
    .sort((a, b) => keyOf(a) - keyOf(b));
}
