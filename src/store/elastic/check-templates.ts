import type { Dataset } from "../../events/dataset.ts";
import { indexName } from "../../search/index-pattern.ts";
import type { RetentionLimits } from "../retention.ts";
import { templateName } from "./cluster.ts";
import type { Dialect } from "./dialect.ts";
import type { Engine } from "./engine.ts";
import type { Finding } from "./finding.ts";
import { changedPart, readTemplates } from "./known-templates.ts";
import { ownTemplate } from "./own-template.ts";
import type { ElasticStoreSettings } from "./settings.ts";

/** The index templates of our datasets that are missing or not as ethmon puts them. Rejects with `engine_*`. */
export async function checkTemplates(input: {
  engine: Engine;
  datasets: readonly Dataset[];
  network: string;
  dialect: Dialect;
  settings: Pick<ElasticStoreSettings, "shards" | "replicas">;
  retention?: RetentionLimits | undefined;
  signal: AbortSignal;
}): Promise<Finding[]> {
  const { engine, datasets, network, signal } = input;
  const found = await readTemplates(engine, signal);
  return datasets.flatMap((dataset): Finding[] => {
    const index = indexName(dataset, network);
    const name = templateName(index);
    const template = found.get(name);
    if (template === undefined) {
      return [{ kind: "difference", index, sentence: `The index template ${name} is missing: ${PUT_AGAIN}` }];
    }
    const where = changedPart(ownTemplate({ ...input, dataset }), template);
    if (where === undefined) return [];
    const sentence = `The index template ${name} is not as this ethmon and its configuration put it (${where}): ${PUT_AGAIN}`;
    return [{ kind: "difference", index, sentence }];
  });
}

const PUT_AGAIN = "starting `ethmon run --store` puts it again.";
