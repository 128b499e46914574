import type { Dataset } from "../../events/dataset.ts";
import type { JsonObject } from "../../events/foreign.ts";
import { mappingJson } from "./mapping/mapping-json.ts";
import { readMapping } from "./mapping/read-mapping.ts";

/** The mapping of one of our own datasets as `GET _mapping` has it: typed columns, and no field is ever added. */
export function ownMapping({ columns }: Pick<Dataset, "columns">): JsonObject {
  const fields = columns.map(({ name, type }) => [name, { type }] as const);
  const properties = { "@timestamp": { type: "date" }, ...Object.fromEntries(fields) };
  return mappingJson(readMapping({ dynamic: "strict", properties }, { ignoreMalformed: false }));
}
