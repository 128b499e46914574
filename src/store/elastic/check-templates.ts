import type { Dataset } from "../../events/dataset.ts";
import type { JsonObject } from "../../events/foreign.ts";
import { indexName } from "../../search/index-pattern.ts";
import type { RetentionLimits } from "../retention.ts";
import { templateName } from "./cluster.ts";
import { type Dialect, refused } from "./dialect.ts";
import type { Engine } from "./engine.ts";
import type { Finding } from "./finding.ts";
import { fieldDifferences } from "./mapping-fields.ts";
import { ownTemplate } from "./own-template.ts";
import { plain } from "./search.ts";
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
  const answer = await engine.ask({ method: "GET", path: "/_index_template/ethmon-*", signal });
  if (answer.status >= 300 && answer.status !== 404) throw refused("read its index templates", answer);
  const { index_templates: all = [] } = plain(answer.body) as {
    index_templates?: { name: string; index_template: JsonObject }[];
  };
  const found = new Map(all.map(({ name, index_template }) => [name, index_template]));
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

/** The path of the first part that is another one. */
function changedPart(wanted: JsonObject, found: JsonObject): string | undefined {
  const inner = (template: JsonObject) => (template["template"] ?? {}) as JsonObject;
  const settingsOf = (template: JsonObject) => flat((inner(template)["settings"] ?? {}) as JsonObject);
  const mappingOf = (template: JsonObject) => (inner(template)["mappings"] ?? {}) as JsonObject;
  if (JSON.stringify(wanted["index_patterns"]) !== JSON.stringify(found["index_patterns"])) return "index_patterns";
  if (Number(wanted["priority"]) !== Number(found["priority"])) return "priority";
  if ((wanted["data_stream"] === undefined) !== (found["data_stream"] === undefined)) return "data_stream";
  const settings = settingsOf(found);
  for (const [name, value] of settingsOf(wanted)) {
    if (settings.get(name) !== value) return `template.settings.${name}`;
  }
  const { missing, other } = fieldDifferences(mappingOf(wanted), mappingOf(found));
  const field = missing[0] ?? other[0]?.field;
  if (field !== undefined) return `template.mappings, the field ${field}`;
  if (String(mappingOf(wanted)["dynamic"]) !== String(mappingOf(found)["dynamic"])) return "template.mappings.dynamic";
  const kept = (template: JsonObject) => (inner(template)["lifecycle"] as JsonObject | undefined)?.["data_retention"];
  return kept(wanted) === kept(found) ? undefined : "template.lifecycle.data_retention";
}

/** Settings by their full names; an engine tells all values as texts. */
function flat(settings: JsonObject, above = ""): Map<string, string> {
  return new Map(
    Object.entries(settings).flatMap(([name, value]): [string, string][] => {
      const path = above === "" ? name : `${above}.${name}`;
      const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
      return isObject ? [...flat(value as JsonObject, path)] : [[path, String(value)]];
    }),
  );
}
