import { z } from "zod";
import type { Json } from "../../events/document.ts";
import { factsOf, MIGRATION_VERSION_OF_FORK, type ObjectType, type Target } from "./target.ts";

/** JSON in a text, which is how Kibana keeps what it does not index. */
const jsonText = z.string().refine(isJson, "It must be JSON.");
const searchSource = z.strictObject({ searchSourceJSON: jsonText });
const references = z.array(z.strictObject({ id: z.string(), name: z.string(), type: z.string() }));

/**
 * The attributes of each type as Kibana's and OpenSearch Dashboards' sources list them, and no others: a key that is
 * not known is refused at the import.
 */
const dataViewOfKibana = z.strictObject({
  title: z.string().min(1),
  name: z.string(),
  timeFieldName: z.string().optional(),
  fields: jsonText,
  fieldAttrs: jsonText,
  fieldFormatMap: jsonText,
  runtimeFieldMap: jsonText,
  sourceFilters: jsonText,
  typeMeta: jsonText,
  allowHidden: z.boolean(),
});
const dataViewOfFork = z.strictObject({
  title: z.string().min(1),
  timeFieldName: z.string().optional(),
  fields: jsonText,
});
const visualization = z.strictObject({
  title: z.string().min(1),
  description: z.string(),
  visState: jsonText,
  uiStateJSON: jsonText,
  version: z.literal(1),
  kibanaSavedObjectMeta: searchSource,
});
const sortOrder = z.array(z.tuple([z.string(), z.enum(["asc", "desc"])]));
const searchOfKibana = z.strictObject({
  title: z.string().min(1),
  description: z.string(),
  columns: z.array(z.string()),
  sort: sortOrder,
  grid: z.strictObject({}),
  hideChart: z.boolean(),
  isTextBasedQuery: z.literal(false),
  timeRestore: z.boolean().optional(),
  timeRange: z.strictObject({ from: z.string(), to: z.string() }).optional(),
  kibanaSavedObjectMeta: searchSource,
});
const searchOfFork = z.strictObject({
  title: z.string().min(1),
  description: z.string(),
  hits: z.literal(0),
  columns: z.array(z.string()),
  sort: sortOrder,
  version: z.literal(1),
  kibanaSavedObjectMeta: searchSource,
});
const refreshInterval = z.strictObject({ pause: z.boolean(), value: z.int().min(0) });
const dashboardOfFork = z.strictObject({
  title: z.string().min(1),
  description: z.string(),
  hits: z.literal(0),
  version: z.literal(1),
  timeRestore: z.literal(true),
  timeFrom: z.string(),
  timeTo: z.string(),
  refreshInterval,
  panelsJSON: jsonText,
  optionsJSON: jsonText,
  kibanaSavedObjectMeta: searchSource,
});
const controlGroup = {
  controlStyle: z.literal("oneLine"),
  chainingSystem: z.literal("HIERARCHICAL"),
  panelsJSON: jsonText,
  ignoreParentSettingsJSON: jsonText,
};
const dashboardOfKibana = (hasApplySelections: boolean) =>
  dashboardOfFork.omit({ hits: true, version: true }).extend({
    controlGroupInput: z
      .strictObject(hasApplySelections ? { ...controlGroup, showApplySelections: z.boolean() } : controlGroup)
      .optional(),
  });

/** One line of the file that is imported. */
export type SavedObject = {
  type: ObjectType;
  id: string;
  attributes: { readonly [name: string]: Json | undefined };
  references: readonly Reference[];
};
export type Reference = { id: string; name: string; type: ObjectType };

/** The strict schema of a line for a target. */
export function savedObjectSchema(target: Target) {
  const facts = factsOf(target);
  const isKibana = facts.family === "kibana";
  const line = <T extends ObjectType>(type: T, attributes: z.ZodType) =>
    z.strictObject({
      type: z.literal(type),
      id: z.string().regex(/^[a-z0-9._-]{1,200}$/),
      attributes,
      references,
      ...(facts.family === "kibana"
        ? {
            coreMigrationVersion: z.literal("8.8.0"),
            typeMigrationVersion: z.literal(facts.typeMigrationVersion[type]),
            managed: z.literal(false),
          }
        : { migrationVersion: z.strictObject({ [type]: z.literal(MIGRATION_VERSION_OF_FORK[type]) }) }),
    });
  return z.discriminatedUnion("type", [
    line("index-pattern", isKibana ? dataViewOfKibana : dataViewOfFork),
    line("visualization", visualization),
    line("search", isKibana ? searchOfKibana : searchOfFork),
    line("dashboard", facts.family === "kibana" ? dashboardOfKibana(facts.hasApplySelections) : dashboardOfFork),
  ]);
}

/** An object as its line of the file. */
export function lineOf(target: Target, object: SavedObject): string {
  const facts = factsOf(target);
  const versions =
    facts.family === "kibana"
      ? {
          coreMigrationVersion: "8.8.0",
          typeMigrationVersion: facts.typeMigrationVersion[object.type],
          managed: false,
        }
      : { migrationVersion: { [object.type]: MIGRATION_VERSION_OF_FORK[object.type] } };
  return JSON.stringify({ ...object, ...versions });
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
