import type { Json } from "../../../events/document.ts";
import type { IndexAdmin, JsonObject } from "../../../events/foreign.ts";
import { isJsonObject } from "../../../events/json-object.ts";
import { illegalArgument, refusal } from "../../../events/refusal.ts";
import { INDICES_PARAMETERS, indicesOptionsOf } from "../index-names.ts";
import type { Names } from "../names.ts";
import type { FaceAnswer, FaceRequest, FaceRoute } from "../route.ts";
import type { SettingsBook } from "../settings-book.ts";

const ACKNOWLEDGED: FaceAnswer = { json: { acknowledged: true } };
const TIMEOUTS = ["master_timeout", "timeout"];
const INDEX_PARTS = ["settings", "mappings", "aliases"];

/** Indices made, given more fields, and removed. */
export function indexAdminRoutes(deps: {
  names: Names;
  settings: SettingsBook;
  admin: IndexAdmin;
}): readonly FaceRoute[] {
  const { names, settings, admin } = deps;

  /** Indices that are named one by one: what is removed is never what a pattern happens to match. */
  const namedIndices = async ({ path, parameters, signal }: FaceRequest): Promise<readonly string[]> => {
    const { index: expression = "" } = path;
    const parts = expression.split(",");
    if (parts.some((part) => part.includes("*") || part === "_all")) {
      throw illegalArgument("Wildcard expressions or all indices are not allowed");
    }
    const alias = parts.find((part) => names.aliases().has(part));
    if (alias !== undefined) throw otherKind(alias, "alias");
    const indices = await names.resolve({ expression, options: indicesOptionsOf(parameters), signal });
    const views = await names.views(signal);
    const stream = views.find(({ name, kind }) => kind === "data_stream" && indices.includes(name));
    if (stream !== undefined) throw otherKind(stream.name, "data stream");
    return indices;
  };
  const withoutAliases = async (index: string): Promise<void> => {
    for (const [alias, { indices }] of [...settings.all("alias")]) {
      const { [index]: own, ...others } = (indices ?? {}) as JsonObject;
      if (own === undefined) continue;
      if (Object.keys(others).length === 0) await settings.delete("alias", alias);
      else await settings.put("alias", alias, { indices: others });
    }
  };

  return [
    {
      methods: ["PUT"],
      paths: ["/{index}"],
      parameters: [...TIMEOUTS, "wait_for_active_shards"],
      privilege: "setup",
      action: "indices:admin/create",
      async handle({ path: { index: name = "" }, body }) {
        const { aliases, ...parts } = readParts((await body.optionalObject()) ?? {});
        await admin.createIndex({ name, ...parts });
        for (const [alias, entry] of Object.entries(aliases ?? {}) as [string, Json][]) {
          const before = (settings.get("alias", alias)?.["indices"] ?? {}) as JsonObject;
          await settings.put("alias", alias, { indices: { ...before, [name]: entry } });
        }
        return { json: { acknowledged: true, shards_acknowledged: true, index: name } };
      },
    },
    {
      methods: ["DELETE"],
      paths: ["/{index}"],
      parameters: [...INDICES_PARAMETERS, ...TIMEOUTS],
      privilege: "manage",
      action: "indices:admin/delete",
      async handle(request) {
        for (const name of await namedIndices(request)) {
          await admin.remove(name);
          await withoutAliases(name);
        }
        return ACKNOWLEDGED;
      },
    },
    {
      methods: ["PUT", "POST"],
      paths: ["/{index}/_mapping", "/{index}/_mappings"],
      parameters: [...INDICES_PARAMETERS, ...TIMEOUTS, "write_index_only"],
      privilege: "setup",
      action: "indices:admin/mapping/put",
      async handle({ path, parameters, body, signal }) {
        const mapping = await body.object();
        const options = indicesOptionsOf(parameters);
        const indices = await names.resolve({ expression: path["index"], options, signal });
        for (const name of indices) await admin.putMapping({ name, mapping });
        return ACKNOWLEDGED;
      },
    },
  ];
}

function readParts(body: JsonObject): { settings?: JsonObject; mappings?: JsonObject; aliases?: JsonObject } {
  const parts: Record<string, JsonObject> = {};
  for (const [key, value] of Object.entries(body) as [string, Json][]) {
    if (!INDEX_PARTS.includes(key)) {
      const reason = `unknown key [${key}] for create index`;
      throw refusal({ type: "parse_exception", reason, status: 400 });
    }
    if (!isJsonObject(value)) {
      const reason = `key [${key}] must be an object`;
      throw refusal({ type: "parse_exception", reason, status: 400 });
    }
    parts[key] = value;
  }
  return parts;
}

function otherKind(name: string, kind: "alias" | "data stream"): Error {
  const article = kind === "alias" ? "an" : "a";
  const instead =
    kind === "alias" ? "specify the corresponding concrete indices instead" : "use the data stream API instead";
  return illegalArgument(`The provided expression [${name}] matches ${article} ${kind}, ${instead}.`);
}
