import { readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { isFault, messageOf } from "../../lib/fault.ts";
import type { Log } from "../../lib/log.ts";

/** How far the journal was read into which cluster. */
type Place = { clusterId: string; position: number };

export type PositionFile = {
  /** Up to where the journal is in this cluster; undefined where that is not known. */
  read(clusterId: string): Promise<number | undefined>;
  /** Losing it costs time alone: what is sent again is refused as there already. */
  write(place: Place): Promise<void>;
};

export function positionFile({ directory, log }: { directory: string; log: Log }): PositionFile {
  const path = join(directory, "cluster-position.json");
  return {
    async read(clusterId) {
      try {
        const place = JSON.parse(await readFile(path, "utf8")) as Partial<Place> | null;
        return place?.clusterId === clusterId && Number.isSafeInteger(place.position) ? place.position : undefined;
      } catch {
        return undefined;
      }
    },
    async write(place) {
      try {
        await writeFile(`${path}.new`, JSON.stringify(place));
        await rename(`${path}.new`, path);
      } catch (error) {
        if (isFault(error)) throw error;
        log.warn({ path, error: messageOf(error) }, "The position in the journal could not be noted");
      }
    },
  };
}
