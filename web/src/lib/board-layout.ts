import { type Dashboard, GRID_COLUMNS } from "../../../src/panels/panel.ts";

export type Place = Dashboard["grid"][number];

/** The bounds of a panel on the grid, as the schema has them. */
const LEAST = { w: 4, h: 3 };
const MOST_ROWS = 60;

/**
 * The grid with one panel moved or resized, within the bounds: what it would lie on moves down, as far as it has to, and
 * what that lies on as well.
 */
export function changePlace(grid: readonly Place[], index: number, change: Partial<Omit<Place, "panel">>): Place[] {
  const before = grid[index];
  if (before === undefined) return [...grid];
  const changed = clamped({ ...before, ...change });
  const others = grid.filter((_, at) => at !== index).sort((a, b) => a.y - b.y || a.x - b.x);
  const settled: Place[] = [changed];
  const moved = new Map<Place, Place>([[before, changed]]);
  for (const other of others) {
    let place = other;
    for (let on = settled.find((one) => overlaps(one, place)); on !== undefined; ) {
      place = { ...place, y: on.y + on.h };
      on = settled.find((one) => overlaps(one, place));
    }
    settled.push(place);
    moved.set(other, place);
  }
  return grid.map((place) => moved.get(place) ?? place);
}

/** The grid with a panel more, below the others. */
export function addPlace(grid: readonly Place[], panel: string, size: { w: number; h: number }): Place[] {
  const y = grid.reduce((lowest, place) => Math.max(lowest, place.y + place.h), 0);
  return [...grid, clamped({ panel, x: 0, y, ...size })];
}

export function overlaps(a: Place, b: Place): boolean {
  return a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;
}

function clamped({ panel, x, y, w, h }: Place): Place {
  const width = bounded(w, LEAST.w, GRID_COLUMNS);
  return {
    panel,
    x: bounded(x, 0, GRID_COLUMNS - width),
    y: Math.max(0, Math.round(y)),
    w: width,
    h: bounded(h, LEAST.h, MOST_ROWS),
  };
}

function bounded(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, Math.round(value)));
}
