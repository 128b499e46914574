import type { Json } from "../../events/document.ts";
import type { ForeignAction, JsonObject } from "../../events/foreign.ts";
import { illegalArgument, refusal } from "../../events/refusal.ts";
import { readJson, tokenOf } from "./json-text.ts";

/** What an action line says; names as in Elasticsearch's BulkRequestParser. */
export type ActionLine = {
  action: ForeignAction;
  index?: string;
  id?: string;
  routing?: string;
  pipeline?: string;
  version?: number;
  versionType?: "internal" | "external" | "external_gte";
  ifSeqNo?: number;
  ifPrimaryTerm?: number;
  requireAlias?: boolean;
  requireDataStream?: boolean;
  /** Which part of the document an update's answer is to hold: as `_source` of a search. */
  sourceFilter?: Json;
};

const ACTIONS: Readonly<Record<string, ForeignAction>> = {
  create: "create",
  delete: "delete",
  index: "index",
  update: "update",
};

/**
 * What a document's only type was called before Elasticsearch 8, which refuses it: `tshark -T ek` still tells it. Any
 * other type is refused here, too.
 */
const ONLY_TYPES: ReadonlySet<Json> = new Set(["doc", "_doc"]);

/** Reads one action line; throws Elasticsearch's 400 with the line's number, from 1. */
export function readActionLine(text: string, line: number): ActionLine {
  const read = readJson(text);
  if ("error" in read) {
    const { type, reason } = read.error;
    throw refusal({ type, reason, status: 400, causedBy: { type: "json_parse_exception", reason } });
  }
  const { value } = read;
  const malformed = (complaint: string) => illegalArgument(`Malformed action/metadata line [${line}], ${complaint}`);
  if (!isObject(value)) throw malformed(`expected START_OBJECT but found [${tokenOf(value)}]`);
  const [name] = Object.keys(value);
  if (name === undefined) throw malformed("expected FIELD_NAME but found [END_OBJECT]");
  const action = Object.hasOwn(ACTIONS, name) ? ACTIONS[name] : undefined;
  if (action === undefined)
    throw malformed(`expected field [create], [delete], [index] or [update] but found [${name}]`);
  const parameters = value[name];
  if (!isObject(parameters)) throw malformed(`expected START_OBJECT or END_OBJECT but found [${tokenOf(parameters)}]`);
  const told: ActionLine = { action };
  for (const [key, parameter] of Object.entries(parameters)) {
    const take = Object.hasOwn(PARAMETERS, key) ? PARAMETERS[key] : undefined;
    if (parameter === null || (key === "_type" && ONLY_TYPES.has(parameter))) continue;
    if (Array.isArray(parameter) || (typeof parameter === "object" && key !== "_source")) {
      throw malformed(`expected a simple value for field [${key}] but found [${tokenOf(parameter)}]`);
    }
    if (take === undefined) {
      throw illegalArgument(`Action/metadata line [${line}] contains an unknown parameter [${key}]`);
    }
    take(told, parameter);
  }
  return told;
}

const PARAMETERS: Readonly<Record<string, (told: ActionLine, value: Json) => void>> = {
  _index: (told, value) => {
    told.index = String(value);
  },
  _id: (told, value) => {
    told.id = String(value);
  },
  routing: (told, value) => {
    told.routing = String(value);
  },
  pipeline: (told, value) => {
    told.pipeline = String(value);
  },
  op_type: (told, value) => {
    if (value !== "create" && value !== "index") {
      throw illegalArgument(`opType must be 'create' or 'index', found: [${String(value)}]`);
    }
    if (told.action === "index") told.action = value;
  },
  version: (told, value) => {
    told.version = integer("version", value);
  },
  version_type: (told, value) => {
    if (value !== "internal" && value !== "external" && value !== "external_gte") {
      throw illegalArgument(`No version type match [${String(value)}]`);
    }
    told.versionType = value;
  },
  if_seq_no: (told, value) => {
    told.ifSeqNo = integer("if_seq_no", value);
  },
  if_primary_term: (told, value) => {
    told.ifPrimaryTerm = integer("if_primary_term", value);
  },
  // One writer applies everything in order: there is nothing to try again for.
  retry_on_conflict: (_, value) => void integer("retry_on_conflict", value),
  require_alias: (told, value) => {
    told.requireAlias = flag("require_alias", value);
  },
  require_data_stream: (told, value) => {
    told.requireDataStream = flag("require_data_stream", value);
  },
  list_executed_pipelines: (_, value) => void flag("list_executed_pipelines", value),
  _source: (told, value) => {
    told.sourceFilter = value;
  },
};

function integer(name: string, value: Json): number {
  const number = typeof value === "string" && /^-?\d{1,15}$/.test(value) ? Number(value) : value;
  if (typeof number === "number" && Number.isSafeInteger(number)) return number;
  throw illegalArgument(`Failed to parse value [${String(value)}] of [${name}] as an integer`);
}

function flag(name: string, value: Json): boolean {
  if (value === true || value === "true") return true;
  if (value === false || value === "false") return false;
  throw illegalArgument(`Failed to parse value [${String(value)}] of [${name}] as only [true] or [false] are allowed.`);
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
