import type { Json } from "../../events/document.ts";
import type { ForeignError, ForeignItem, JsonObject } from "../../events/foreign.ts";
import { refusal, validationFailed } from "../../events/refusal.ts";
import { readJson, tokenOf } from "./json-text.ts";

/** What the line behind an action says of the document, or why it cannot be one. */
export type SourceLine =
  | (Pick<ForeignItem, "source" | "text" | "upsert" | "docAsUpsert" | "detectNoop"> & { sourceFilter?: Json })
  | { error: ForeignError };

/** The document of `index` and `create`. */
export function readDocument(text: string): SourceLine {
  const read = readJson(text);
  if ("error" in read) {
    const place = /^\[\d+:\d+\]/.exec(read.error.reason)?.[0] ?? "[1:1]";
    return { error: { type: "document_parsing_exception", reason: `${place} failed to parse`, caused_by: read.error } };
  }
  if (isObject(read.value)) return { source: read.value, text };
  const reason = `expected an object but found [${tokenOf(read.value)}]`;
  return {
    error: {
      type: "document_parsing_exception",
      reason: "[1:1] failed to parse",
      caused_by: { type: "not_x_content_exception", reason },
    },
  };
}

const UPDATE_FIELDS: readonly string[] = ["doc", "upsert", "doc_as_upsert", "detect_noop", "_source"];
const UNSUPPORTED: readonly string[] = ["script", "scripted_upsert"];

/**
 * The body of an update: `doc`, `upsert`, `doc_as_upsert`, `detect_noop`, `_source`. What cannot be read as one is thrown
 * as Elasticsearch's 400 for the whole request; scripts are refused by name.
 */
export function readUpdate(text: string): SourceLine {
  const read = readJson(text);
  if ("error" in read) throw refusal({ ...read.error, status: 400 });
  const body = read.value;
  if (!isObject(body)) throw parseError(`[1:1] [UpdateRequest] Expected START_OBJECT but was: ${tokenOf(body)}`);
  for (const name of Object.keys(body)) {
    if (UNSUPPORTED.includes(name)) return unsupported(name);
    if (!UPDATE_FIELDS.includes(name)) throw parseError(`[1:2] [UpdateRequest] unknown field [${name}]`);
  }
  const { doc, upsert, doc_as_upsert: asUpsert, detect_noop: detectNoop, _source: sourceFilter } = body;
  if (doc === undefined || doc === null) throw validationFailed("script or doc is missing");
  if (!isObject(doc)) throw parseError(`[1:2] [UpdateRequest] doc doesn't support values of type: ${tokenOf(doc)}`);
  if (upsert !== undefined && !isObject(upsert))
    throw parseError(`[1:2] [UpdateRequest] upsert doesn't support values of type: ${tokenOf(upsert)}`);
  return {
    source: doc,
    ...(upsert === undefined ? {} : { upsert }),
    ...(asUpsert === true || asUpsert === "true" ? { docAsUpsert: true } : {}),
    ...(detectNoop === false || detectNoop === "false" ? { detectNoop: false } : {}),
    ...(sourceFilter === undefined ? {} : { sourceFilter }),
  };
}

function unsupported(name: string): SourceLine {
  return { error: { type: "illegal_argument_exception", reason: `[${name}] is not supported by the embedded store` } };
}

function parseError(reason: string): Error {
  return refusal({ type: "x_content_parse_exception", reason, status: 400 });
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
