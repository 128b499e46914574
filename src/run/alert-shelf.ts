import type { Shelf } from "../alert/desk/shelf.ts";
import { fieldOf } from "../events/record.ts";
import { type SavedRecord, savedDataset } from "../events/saved.ts";
import { searchRecords } from "../serve/api/stored-records.ts";
import type { SavedObjects, SavedStore } from "../serve/dashboards/saved-objects.ts";

/** Watches and silences among the saved objects. */
export function alertShelf(deps: { store: SavedStore; saved: SavedObjects; network: string }): Shelf {
  const { store, saved, network } = deps;
  return {
    async list(kind, signal) {
      const found = await searchRecords<SavedRecord>(store, {
        dataset: savedDataset,
        network,
        filter: [{ term: { [fieldOf(savedDataset, "kind")]: kind } }],
        mustNot: [{ term: { [fieldOf(savedDataset, "deleted")]: true } }],
        signal,
      });
      return found.map(({ id, content }) => ({ id, content }));
    },
    put: ({ kind, id, title, content }, signal) =>
      saved.put({ kind, id, title, description: null, index: null, view: null, panels: null, content }, signal),
    remove: (place, signal) => saved.remove(place, signal),
  };
}
