/** Moves labels apart that would stand on each other: none nearer than `room`, all between `top` and `bottom`. */
export function labelPlaces(
  wanted: readonly number[],
  bounds: { room: number; top: number; bottom: number },
): number[] {
  const { room, top, bottom } = bounds;
  const order = wanted.map((y, index) => ({ y, index })).sort((a, b) => a.y - b.y);
  const places = new Array<number>(wanted.length);
  let lowest = top;
  for (const { y, index } of order) {
    places[index] = Math.max(lowest, y);
    lowest = (places[index] ?? y) + room;
  }
  let highest = bottom;
  for (const { index } of order.toReversed()) {
    places[index] = Math.min(highest, places[index] ?? highest);
    highest = (places[index] ?? highest) - room;
  }
  return places;
}
