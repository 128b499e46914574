import type { JsonObject } from "../../events/foreign.ts";

/** Templates, aliases and data streams by name, as clients put them. */
export type TemplateBook = {
  all(section: "index_template" | "component_template" | "legacy_template" | "alias"): ReadonlyMap<string, JsonObject>;
  /** An alias that an index has from its template. */
  put(section: "alias", name: string, value: JsonObject): Promise<void>;
};
