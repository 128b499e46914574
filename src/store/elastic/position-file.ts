import { readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { isFault, messageOf } from "../../lib/fault.ts";
import type { Log } from "../../lib/log.ts";

/** How far the journal was read into which cluster. */
export type Place = { clusterId: string; position: number };

export type PositionFile = {
  /** What was noted last, of whichever cluster; undefined where nothing can be read. */
  last(): Promise<Place | undefined>;
  /** Up to where the journal is in this cluster; undefined where that is not known. */
  read(clusterId: string): Promise<number | undefined>;
  /** Losing it costs time alone: what is sent again is refused as there already. */
  write(place: Place): Promise<void>;
};

export function positionFile({ directory, log }: { directory: string; log: Log }): PositionFile {
  const path = join(directory, "cluster-position.json");
  const last = async (): Promise<Place | undefined> => {
    try {
      const place = JSON.parse(await readFile(path, "utf8")) as Partial<Place> | null;
      const { clusterId, position } = place ?? {};
      const isWhole = typeof clusterId === "string" && Number.isSafeInteger(position) && Number(position) >= 0;
      return isWhole ? { clusterId, position: Number(position) } : undefined;
    } catch {
      return undefined;
    }
  };
  return {
    last,
    async read(clusterId) {
      const place = await last();
      return place?.clusterId === clusterId ? place.position : undefined;
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
