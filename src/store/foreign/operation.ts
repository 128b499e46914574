import type { Json } from "../../events/document.ts";
import type { ForeignItem, JsonObject } from "../../events/foreign.ts";
import { isJsonObject } from "../../events/json-object.ts";
import { parseJsonExact } from "../../lib/json.ts";
import { type Failure, illegalItem, missingDocument, versionConflict } from "./item-failures.ts";
import type { KnownDocument } from "./recent-ids.ts";

/** What an operation does to the document of its id. */
export type Decision =
  | { kind: "failed"; failure: Failure }
  | { kind: "put"; result: "created" | "updated"; version: number; document: "given" | "upsert" | JsonObject }
  | { kind: "delete"; version: number }
  | { kind: "not_found"; version: number }
  | { kind: "noop"; known: KnownDocument };

/** Elasticsearch's rules for one item with an id, against the newest document of it (deleted ones too). */
export function decide(item: ForeignItem & { id: string }, known: KnownDocument | undefined): Decision {
  const { action, index, id } = item;
  const current = known?.exists === true ? known : undefined;
  const conflict = contradiction(item) ?? conflictOf(item, known);
  if (conflict !== undefined) return { kind: "failed", failure: conflict };
  const version = nextVersion(item, known);
  switch (action) {
    case "create":
      if (current === undefined) return { kind: "put", result: "created", version, document: "given" };
      return {
        kind: "failed",
        failure: versionConflict({
          index,
          id,
          why: `document already exists (current version [${current.version}])`,
        }),
      };
    case "index":
      return { kind: "put", result: current === undefined ? "created" : "updated", version, document: "given" };
    case "delete":
      return current === undefined ? { kind: "not_found", version } : { kind: "delete", version };
    case "update":
      return updateOf(item, current, version);
  }
}

function updateOf(item: ForeignItem & { id: string }, current: KnownDocument | undefined, version: number): Decision {
  if (current === undefined) {
    const document = item.docAsUpsert === true ? "given" : item.upsert === undefined ? undefined : "upsert";
    if (document === undefined) return { kind: "failed", failure: missingDocument(item.index, item.id) };
    return { kind: "put", result: "created", version, document };
  }
  const before = parseJsonExact(current.source ?? "{}") as JsonObject;
  const { document, changed } = updated(before, item.source);
  if (!changed && item.detectNoop !== false) return { kind: "noop", known: current };
  return { kind: "put", result: "updated", version, document };
}

/** `doc` laid over a document: objects are joined, all else is replaced. */
function updated(before: JsonObject, doc: JsonObject): { document: JsonObject; changed: boolean } {
  const document: Record<string, Json> = { ...before };
  let changed = false;
  for (const [key, value] of Object.entries(doc) as [string, Json][]) {
    const old = Object.hasOwn(before, key) ? before[key] : undefined;
    if (isJsonObject(old) && isJsonObject(value)) {
      const inner = updated(old, value);
      changed ||= inner.changed;
      document[key] = inner.document;
    } else {
      changed ||= old === undefined || !sameJson(old, value);
      document[key] = value;
    }
  }
  return { document, changed };
}

function sameJson(a: Json, b: Json): boolean {
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((item: Json, place) => sameJson(item, b[place] as Json));
  }
  if (isJsonObject(a) && isJsonObject(b)) {
    const keys = Object.keys(a);
    const isSame = (key: string) => Object.hasOwn(b, key) && sameJson(a[key] as Json, b[key] as Json);
    return keys.length === Object.keys(b).length && keys.every(isSame);
  }
  return a === b;
}

/** Parameters that do not go together, whatever is stored. */
function contradiction(item: ForeignItem): Failure | undefined {
  const { action, version, versionType = "internal", ifSeqNo, ifPrimaryTerm } = item;
  const isExternal = versionType !== "internal";
  const complaints: string[] = [];
  if (action === "create" && (isExternal || version !== undefined))
    complaints.push("create operations do not support explicit versions. use index instead");
  if (action === "create" && ifSeqNo !== undefined)
    complaints.push("create operations do not support compare and set. use index instead");
  if (action === "update" && isExternal)
    complaints.push("can't provide version type [external] for an update: updates have internal versions");
  if (!isExternal && version !== undefined && action !== "create")
    complaints.push(
      "internal versioning can not be used for optimistic concurrency control. Please use `if_seq_no` and `if_primary_term` instead",
    );
  if (isExternal && version === undefined) complaints.push("illegal version value [-3] for version type [EXTERNAL]");
  if (ifSeqNo === undefined && ifPrimaryTerm !== undefined)
    complaints.push(`ifSeqNo is unassigned, but primary term is [${ifPrimaryTerm}]`);
  if (ifSeqNo !== undefined && ifPrimaryTerm === undefined)
    complaints.push(`ifSeqNo is set to [${ifSeqNo}], but primary term is [0]`);
  if (complaints.length === 0) return undefined;
  const told = complaints.map((complaint, at) => ` ${at + 1}: ${complaint};`).join("");
  return {
    ...illegalItem(`Validation Failed:${told}`),
    error: { type: "action_request_validation_exception", reason: `Validation Failed:${told}` },
  };
}

function conflictOf(item: ForeignItem & { id: string }, known: KnownDocument | undefined): Failure | undefined {
  const { index, id, version, versionType, ifSeqNo, ifPrimaryTerm } = item;
  if (ifSeqNo !== undefined) {
    const required = `required seqNo [${ifSeqNo}], primary term [${ifPrimaryTerm}].`;
    if (known?.exists !== true) return versionConflict({ index, id, why: `${required} but no document was found` });
    if (known.seqNo === ifSeqNo && ifPrimaryTerm === 1) return undefined;
    return versionConflict({
      index,
      id,
      why: `${required} current document has seqNo [${known.seqNo}] and primary term [1]`,
    });
  }
  if (versionType === undefined || versionType === "internal" || known === undefined || version === undefined)
    return undefined;
  const { version: current } = known;
  if (versionType === "external" && version <= current) {
    return versionConflict({
      index,
      id,
      why: `current version [${current}] is higher or equal to the one provided [${version}]`,
    });
  }
  if (versionType === "external_gte" && version < current) {
    return versionConflict({
      index,
      id,
      why: `current version [${current}] is higher than the one provided [${version}]`,
    });
  }
  return undefined;
}

function nextVersion({ version, versionType }: ForeignItem, known: KnownDocument | undefined): number {
  if (version !== undefined && (versionType === "external" || versionType === "external_gte")) return version;
  return (known?.version ?? 0) + 1;
}
