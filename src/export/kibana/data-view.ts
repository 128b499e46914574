import type { SavedObject } from "./saved-objects.ts";
import { factsOf, type Target } from "./target.ts";

/** An index pattern as a data view; its fields are read by whoever opens it. */
export function dataViewObject(input: {
  target: Target;
  id: string;
  pattern: string;
  timeField: string | undefined;
}): SavedObject {
  const { target, id, pattern, timeField } = input;
  const both = {
    title: pattern,
    ...(timeField === undefined ? {} : { timeFieldName: timeField }),
    fields: "[]",
  };
  const ofKibana = {
    name: pattern,
    fieldAttrs: "{}",
    fieldFormatMap: "{}",
    runtimeFieldMap: "{}",
    sourceFilters: "[]",
    typeMeta: "{}",
    allowHidden: false,
  };
  return {
    type: "index-pattern",
    id,
    attributes: factsOf(target).family === "kibana" ? { ...both, ...ofKibana } : both,
    references: [],
  };
}
