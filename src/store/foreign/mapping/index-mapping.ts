import type { JsonObject } from "../../../events/foreign.ts";
import { type DocumentValues, documentValues } from "../../../search/document-values.ts";
import type { MappedField, Mapping } from "../../../search/target.ts";
import { chainField, holdsChainFields } from "./chain-fields.ts";
import { type MappingLimits, mappingWith } from "./dynamic-update.ts";
import { mappingJson } from "./mapping-json.ts";
import type { MappingTree, ObjectField } from "./mapping-tree.ts";
import { mergedMapping } from "./merge-mapping.ts";
import { readMapping } from "./read-mapping.ts";
import { searchMapping } from "./search-mapping.ts";
import { typingDocument } from "./typing-document.ts";

/** The mapping of an index at one moment; it never changes, what grows out of it is another one. */
export type IndexMapping = {
  /** As `GET _mapping` has it. */
  json(): JsonObject;
  /** As searches read it. */
  readonly search: Mapping;
  /**
   * What of a document is searched, and the mapping afterwards: this one, unless the document adds fields. `typing` is
   * the document for its types alone, asked for only then (`typingOf`). Throws the document's 400.
   */
  take(source: JsonObject, typing: () => JsonObject): { values: DocumentValues; mapping: IndexMapping };
  /** With what `PUT {index}/_mapping` says. Throws its 400. */
  merged(json: JsonObject): IndexMapping;
};

/** Throws `mapper_parsing_exception`. */
export function createIndexMapping(json: JsonObject, limits: MappingLimits): IndexMapping {
  return indexMapping(readMapping(json, limits.defaults), limits);
}

function indexMapping(tree: MappingTree, limits: MappingLimits): IndexMapping {
  const search = searchMapping(tree);
  // A strict mapping refuses nulls, too, and one that is fixed takes the monitor's own fields alone.
  const isStrict = hasStrict(tree.root);
  const isFixed = !grows(tree.root) && ![...search.values()].some(isOpenConstant);
  let json: JsonObject | undefined;
  const mapping: IndexMapping = {
    search,
    json() {
      json ??= mappingJson(tree);
      return json;
    },
    take(source, typing) {
      let isUnknown = false;
      const noticed = (path: string, isEmpty: boolean) => {
        if (isFixed && !isChainPath(path)) return;
        if (!isEmpty || isStrict) isUnknown = true;
      };
      const values = documentValues(source, search, noticed);
      if (!isUnknown) return { values, mapping };
      const grown = mappingWith(tree, typing(), limits);
      return grown === undefined ? { values, mapping } : indexMapping(grown, limits).take(source, typing);
    },
    merged: (update) =>
      indexMapping(mergedMapping(tree, update, { totalFields: limits.totalFields, defaults: limits.defaults }), limits),
  };
  return mapping;
}

function isChainPath(path: string): boolean {
  return chainField(path) !== undefined || holdsChainFields(path);
}

/** Its first document says what its value is. */
function isOpenConstant({ type, value }: MappedField): boolean {
  return type === "constant_keyword" && value === undefined;
}

/** Whether any part of it takes new fields, or refuses their documents. */
function grows(object: ObjectField, inherited = "true"): boolean {
  const dynamic = object.dynamic ?? inherited;
  if (dynamic !== "false") return true;
  return [...object.children.values()].some((field) => field.kind === "object" && grows(field, dynamic));
}

function hasStrict(object: ObjectField): boolean {
  if (object.dynamic === "strict") return true;
  return [...object.children.values()].some((field) => field.kind === "object" && hasStrict(field));
}

/**
 * A document as its JSON text types it, with what was put into it since (`added`); without a text, as it is.
 */
export function typingOf(source: JsonObject, text: string | undefined, added: JsonObject = {}): JsonObject {
  const typed = text === undefined ? undefined : typingDocument(text);
  return typed === undefined ? source : { ...typed, ...added };
}
