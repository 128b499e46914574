import type { Contestant, Disk } from "./contestants.ts";
import type { Loaded } from "./load.ts";
import type { Timed } from "./time-searches.ts";

/** What was measured of one store. */
export type Measured = {
  name: Contestant["name"];
  loaded: Loaded;
  disk: Disk;
  memoryMb: { loaded: number; peak: number; searched: number };
  /** Of all rounds of searches, the warming ones too. */
  searchCpuSeconds: number;
};

/** The lines that tell how the stores were filled, the second beside the first with their ratios. */
export function fillingLines(measured: readonly Measured[]): string[] {
  const rows: readonly (readonly [string, (one: Measured) => number])[] = [
    ["documents a second, until durable", ({ loaded }) => Math.round(loaded.documents / loaded.durableSeconds)],
    ["documents a second, until found", ({ loaded }) => Math.round(loaded.documents / loaded.searchableSeconds)],
    ["counts not answered while behind", ({ loaded }) => loaded.unansweredCounts],
    ["seconds of merging behind", ({ loaded }) => Math.round(loaded.tidySeconds)],
    ["CPU in µs a document, with merging", ({ loaded }) => Math.round((loaded.cpuSeconds * 1e6) / loaded.documents)],
    ["megabytes on disk", ({ disk }) => Math.round(disk.storeBytes / 1e6)],
    ["bytes a document on disk", ({ disk, loaded }) => Math.round(disk.storeBytes / loaded.documents)],
    ["megabytes of journal or translog", ({ disk }) => Math.round(disk.journalBytes / 1e6)],
    ["CPU in s of all searches", ({ searchCpuSeconds }) => Math.round(searchCpuSeconds)],
    ["resident MB, loaded", ({ memoryMb }) => memoryMb.loaded],
    ["resident MB, searched", ({ memoryMb }) => memoryMb.searched],
    ["resident MB, at most", ({ memoryMb }) => memoryMb.peak],
  ];
  const told = rows.map(([what, figureOf]) => {
    const values = measured.map(figureOf);
    return line([what, ...values.map(String), ratio(values)]);
  });
  return [line(["", ...measured.map(({ name }) => name), "ratio"]), ...told];
}

export function searchLines(timed: readonly Timed[], names: readonly Contestant["name"][]): string[] {
  const head = line(["p50 in ms", ...names, "ratio", "hits", "buckets"]);
  const rows = timed.map(({ search, hits, buckets, p50Ms, difference, failure }) => {
    const values = names.map((name) => p50Ms[name] ?? Number.NaN);
    const row = line([search, ...values.map((ms) => ms.toFixed(1)), ratio(values), String(hits), String(buckets)]);
    const notes = [difference && `not the same: ${difference}`, failure && `not answered: ${failure}`];
    return [row, ...notes.filter((note) => note !== undefined).map((note) => `  ${note}`)].join("\n");
  });
  return [head, ...rows, ...(names.length > 1 ? ["", summary(timed)] : [])];
}

function summary(timed: readonly Timed[]): string {
  const slower = timed.filter(({ p50Ms }) => (p50Ms.embedded ?? 0) > (p50Ms.opensearch ?? 0));
  const different = timed.filter(({ difference }) => difference !== undefined);
  return [
    `${timed.length - slower.length} of ${timed.length} were faster in the embedded store.`,
    ...(slower.length === 0 ? [] : [`Slower: ${slower.map(({ search }) => search).join("; ")}.`]),
    different.length === 0
      ? "All answers were the same, estimates near."
      : `Answered differently: ${different.map(({ search }) => search).join("; ")}.`,
  ].join("\n");
}

/** Of the embedded store's to OpenSearch's. */
function ratio([embedded, opensearch]: readonly number[]): string {
  return embedded === undefined || !opensearch ? "" : (embedded / opensearch).toFixed(2);
}

const [FIRST, OTHER] = [40, 12];

function line([first = "", ...others]: readonly string[]): string {
  return `${first.padEnd(FIRST)}${others.map((text) => text.padStart(OTHER)).join("")}`.trimEnd();
}
