import type { Dataset } from "../../events/dataset.ts";
import type { ForeignIndex } from "../foreign/foreign-tables.ts";
import type { RetentionLimits } from "../retention.ts";
import type { DatasetUse } from "../store.ts";
import { checkIndices } from "./check-indices.ts";
import { checkTemplates } from "./check-templates.ts";
import { readClaim } from "./claim.ts";
import { type Dialect, readDialect } from "./dialect.ts";
import type { Engine } from "./engine.ts";
import type { Finding } from "./finding.ts";
import { indexNames } from "./index-names.ts";
import type { ElasticStoreSettings } from "./settings.ts";
import { datasetUses, readIndices } from "./use.ts";

export type ClusterReport = {
  distribution: Dialect["distribution"];
  version: string;
  findings: readonly Finding[];
  datasets: readonly DatasetUse[];
};

/**
 * Holds a cluster against the catalogue: templates, mappings of all indices, their kinds and documents, and who writes.
 * Nothing in it is changed. Rejects with `engine_*`.
 *
 * @param writer the name of the data directory that should be the one that writes; anyone may without it.
 */
export async function checkCluster(input: {
  engine: Engine;
  datasets: readonly Dataset[];
  network: string;
  foreign: readonly ForeignIndex[];
  settings: Pick<ElasticStoreSettings, "shards" | "replicas">;
  retention?: RetentionLimits | undefined;
  writer?: string | undefined;
  signal: AbortSignal;
}): Promise<ClusterReport> {
  const { engine, datasets, network, foreign, writer, signal } = input;
  const dialect = await readDialect(engine, signal);
  const templates = await checkTemplates({ ...input, dialect });
  const ofIndices = await checkIndices({ ...input, dialect });
  const names = indexNames(network, foreign);
  const indices = await readIndices(engine, names, signal);
  return {
    distribution: dialect.distribution,
    version: dialect.version,
    findings: [
      ...templates,
      ...ofIndices,
      ...(await claimFindings({ engine, network, writer, signal })),
      ...dialectRemarks(dialect),
    ],
    datasets: datasetUses({ indices, datasets, network, foreign }),
  };
}

async function claimFindings(input: {
  engine: Engine;
  network: string;
  writer: string | undefined;
  signal: AbortSignal;
}): Promise<Finding[]> {
  const { network, writer } = input;
  const claim = await readClaim(input);
  if (claim === undefined) return [];
  const who = `the ethmon on ${claim.host} with the data directory ${claim.directory}`;
  if (writer === undefined) return [{ kind: "remark", sentence: `The documents of ${network} are written by ${who}.` }];
  if (writer === claim.writer) return [];
  const sentence = `The documents of ${network} are written by ${who}, not by this data directory: stop one of the two. ${claim.remedy}`;
  return [{ kind: "difference", sentence }];
}

function dialectRemarks({ distribution, version, types }: Dialect): Finding[] {
  const name = { elasticsearch: "Elasticsearch", opensearch: "OpenSearch" }[distribution];
  return [...types].map(([type, instead]) => ({
    kind: "remark",
    sentence: `This ${name} ${version} has no field type ${type}: ${instead} is taken instead.`,
  }));
}
