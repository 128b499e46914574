import { isoSeconds } from "../lib/moment-words.ts";
import type { StoredDataset, StoreView } from "../serve/views.ts";
import { columns } from "./columns.ts";

/** What a store holds, for people: one line a dataset, then the files. */
export function storeTable(view: StoreView): string {
  const { datasets, rows, disk, journal, retention } = view;
  const inTables = datasets.reduce((sum, { bytes }) => sum + bytes, 0);
  const lines = [
    ...(datasets.length === 0
      ? ["Nothing is stored yet."]
      : columns([HEAD, ...datasets.map(datasetRow)], RIGHT_ALIGNED)),
    "",
    `rows     ${rows}, in ${bytesWords(inTables)} of tables`,
    `disk     ${bytesWords(disk.total_bytes)}: database ${bytesWords(disk.database_bytes)} ` +
      `(${bytesWords(disk.free_bytes)} of it free), write-ahead log ${bytesWords(disk.wal_bytes)}, ` +
      `journal ${bytesWords(disk.journal_bytes)}`,
    `journal  ${loadedWords(journal, disk.pending_bytes)}`,
    ...(retention === null ? [] : [`kept     ${retentionWords(retention)}`]),
    ...(retention?.over_cap == null ? [] : [`warning  ${retention.over_cap}`]),
    ...(view.reason === null ? [] : [`state    ${view.state}: ${view.reason}`]),
  ];
  return `${lines.join("\n")}\n`;
}

const HEAD = ["index", "kept", "rows", "days", "oldest", "newest", "size"];
const RIGHT_ALIGNED = ["rows", "days", "size"].map((name) => HEAD.indexOf(name));

function datasetRow({ index, keep, rows, days, oldest_ms, newest_ms, bytes }: StoredDataset): string[] {
  return [index, keep, `${rows}`, `${days ?? ""}`, momentWords(oldest_ms), momentWords(newest_ms), bytesWords(bytes)];
}

function momentWords(ms: number | null): string {
  return ms === null ? "" : isoSeconds(ms);
}

function loadedWords({ journaled, loaded }: StoreView["journal"], pendingBytes: number): string {
  const behind = journaled - loaded;
  return behind <= 0
    ? `all of it is loaded, up to position ${loaded}`
    : `${behind} documents are not loaded yet, ${bytesWords(pendingBytes)}`;
}

function retentionWords({ votes_hours, raw_days, disk_gb, ran_ms }: NonNullable<StoreView["retention"]>): string {
  const last = ran_ms === null ? "" : `; last seen to at ${momentWords(ran_ms)}`;
  return `votes ${votes_hours} h, raw ${raw_days} days, at most ${disk_gb} GB${last}`;
}

const UNITS = ["B", "kB", "MB", "GB", "TB"] as const;

/** Powers of ten, as `retention.disk_gb` counts. */
function bytesWords(bytes: number): string {
  const power = bytes < 1 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log10(bytes) / 3));
  return `${(bytes / 1000 ** power).toFixed(power === 0 ? 0 : 1)} ${UNITS[power]}`;
}
