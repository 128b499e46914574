import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type ElasticStoreSettings, elasticStoreSchema } from "../../src/store/elastic/settings.ts";
import { startElasticsearch } from "../engines/elasticsearch.ts";
import type { EngineName } from "../engines/engine.ts";
import { startOpenSearch } from "../engines/opensearch.ts";
import type { Row } from "./row.ts";
import type { Told } from "./told.ts";

/** A real engine that the monitor stores in. */
export type TrialCluster = {
  settings: ElasticStoreSettings;
  /** For the monitor. */
  configFile: string;
  /** What the engine itself says that it holds, against what the monitor told. */
  row(told: Told): Promise<Row>;
  stop(): Promise<void>;
};

const STARTS: Readonly<Record<EngineName, typeof startOpenSearch>> = {
  opensearch: startOpenSearch,
  elasticsearch: startElasticsearch,
};

export const ENGINES = Object.keys(STARTS) as readonly EngineName[];

/** Starts an engine, and writes a configuration that names it. Throws what the engines' starters throw. */
export async function startTrialCluster(input: {
  engineName: EngineName;
  directory: string;
  signal: AbortSignal;
}): Promise<TrialCluster> {
  const { engineName, directory, signal } = input;
  const engine = await STARTS[engineName](signal);
  const elasticsearch = { urls: [engine.url], votes: true };
  const configFile = join(directory, "ethmon.json");
  await writeFile(configFile, JSON.stringify({ store: { elasticsearch } }));
  return {
    settings: elasticStoreSchema.parse(elasticsearch),
    configFile,
    async row({ slots }) {
      const lastSlot = Math.max(...slots.map(({ slot }) => slot));
      const query = encodeURIComponent(`ethereum.slot:<=${lastSlot}`);
      const answer = await fetch(`${engine.url}/ethmon-slot-*/_count?q=${query}`);
      const { count } = (await answer.json()) as { count?: number };
      return {
        what: `slots in ${engineName} by its own count`,
        expected: String(slots.length),
        found: String(count),
        ok: slots.length > 0 && count === slots.length,
      };
    },
    stop: engine.stop,
  };
}
