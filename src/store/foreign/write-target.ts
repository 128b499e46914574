import type { ForeignItem, JsonObject } from "../../events/foreign.ts";
import { isJsonObject } from "../../events/json-object.ts";
import type { IndexBook } from "./index-book.ts";
import { planIndex } from "./index-plan.ts";
import { type Failure, illegalItem, otherKind, writeBlocked } from "./item-failures.ts";
import { isOwnIndex } from "./own-indices.ts";
import type { TemplateBook } from "./template-book.ts";

/** Where an item goes: an index that there is, or one that it makes. */
export type WriteTarget = {
  name: string;
  kind: "stream" | "index";
  defaultPipeline: string | undefined;
  finalPipeline: string | undefined;
};

const NO_STREAM =
  "the index creation request requires a data stream, but no matching index template with data stream template was found for it";

type Asked = Pick<ForeignItem, "action" | "index" | "requireAlias" | "requireDataStream">;

/** `writeTarget` for the items of one request: most have the same name, and templates are long. */
export function createTargets(deps: { book: IndexBook; templates: TemplateBook }) {
  const known = new Map<string, WriteTarget | Failure>();
  return (item: Asked): WriteTarget | Failure => {
    const isPlain = item.requireAlias !== true && item.requireDataStream !== true && item.action !== "delete";
    const before = isPlain ? known.get(item.index) : undefined;
    if (before !== undefined) return before;
    const target = writeTarget(item, deps);
    if (isPlain) known.set(item.index, target);
    return target;
  };
}

/** The index or data stream behind a name or alias, or why nothing can be written there. */
function writeTarget(
  item: Asked,
  { book, templates }: { book: IndexBook; templates: TemplateBook },
): WriteTarget | Failure {
  const { action, index, requireAlias, requireDataStream } = item;
  const alias = templates.all("alias").get(index);
  if (requireAlias === true && alias === undefined) {
    return otherKind(index, `[require_alias] request flag is [true] and [${index}] is not an alias`);
  }
  const name = alias === undefined ? index : writeIndex(index, (alias["indices"] ?? {}) as JsonObject);
  if (typeof name !== "string") return name;
  if (isOwnIndex(name)) return writeBlocked(name);
  const known = book.get(name);
  if (known !== undefined)
    return (
      mustBeStream(
        known,
        requireDataStream,
        `[require_data_stream] request flag is [true] and [${name}] is not a data stream`,
      ) ?? known
    );
  const plan = planIndex(name, templates);
  // A deletion makes no index; whether there is one when its turn comes is seen then.
  if (!plan.autoCreate && action !== "delete") {
    return otherKind(name, `composable template [${plan.template}] forbids index auto creation`);
  }
  const setting = (key: string) => {
    const { index: settings } = plan.settings;
    const value = isJsonObject(settings) ? settings[key] : undefined;
    return typeof value === "string" ? value : undefined;
  };
  const target = {
    name,
    kind: plan.kind,
    defaultPipeline: setting("default_pipeline"),
    finalPipeline: setting("final_pipeline"),
  };
  return mustBeStream(target, requireDataStream, NO_STREAM) ?? target;
}

function mustBeStream({ name, kind }: Pick<WriteTarget, "name" | "kind">, required: boolean | undefined, why: string) {
  if (required !== true || kind === "stream") return undefined;
  return otherKind(name, why);
}

/** The one index that an alias writes to. */
function writeIndex(alias: string, indices: JsonObject): string | Failure {
  const entries = Object.entries(indices);
  const [only, ...others] = entries.filter(([, entry]) => isJsonObject(entry) && entry["is_write_index"] === true);
  if (only !== undefined && others.length === 0) return only[0];
  const [first] = entries;
  const isOpen = isJsonObject(first?.[1]) && first[1]["is_write_index"] !== false;
  if (entries.length === 1 && first !== undefined && isOpen) return first[0];
  return illegalItem(
    `no write index is defined for alias [${alias}]. The write index may be explicitly disabled using is_write_index=false or the alias points to multiple indices without one being designated as a write index`,
  );
}
