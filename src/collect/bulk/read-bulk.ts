import type { Json } from "../../events/document.ts";
import type { ForeignAction, ForeignError, ForeignItem } from "../../events/foreign.ts";
import { resolveDateMath } from "../../events/index-date-math.ts";
import { indexNameError } from "../../events/index-name.ts";
import { illegalArgument, refusal, validationFailed } from "../../events/refusal.ts";
import type { Clock } from "../../lib/clock.ts";
import { type ActionLine, readActionLine } from "./action-line.ts";
import { bulkLines } from "./lines.ts";
import { readDocument, readUpdate } from "./source-line.ts";

/** What the request says for all of its actions. */
export type BulkDefaults = {
  index?: string;
  pipeline?: string;
  routing?: string;
  requireAlias?: boolean;
  requireDataStream?: boolean;
  sourceFilter?: Json;
};

/** One action in its place: an item for the sink, or why it is none. */
export type BulkEntry =
  | { action: ForeignAction; item: ForeignItem; sourceFilter?: Json }
  | { action: ForeignAction; index: string; id: string | null; error: ForeignError; status: number };

export type BulkLimits = {
  /** Of one line. */
  maxLineBytes: number;
  /** Of one request. */
  maxActions: number;
  /** A batch is handed on at the latest with so many bytes or actions. */
  batchBytes: number;
  batchActions: number;
};

const MAX_ID_BYTES = 512;
const MAX_COMPLAINTS = 100;

/**
 * The actions of a `_bulk` body in batches, as they come. Throws Elasticsearch's 400 for what is malformed; then batches
 * that were handed out before stay written, as with Elasticsearch's incremental bulk. A body of one batch is taken whole
 * or not at all.
 */
export async function* readBulk(input: {
  chunks: AsyncIterable<Uint8Array>;
  defaults: BulkDefaults;
  limits: BulkLimits;
  clock: Clock;
}): AsyncGenerator<readonly BulkEntry[]> {
  const { chunks, defaults, limits, clock } = input;
  const complaints: string[] = [];
  let batch: BulkEntry[] = [];
  let batchBytes = 0;
  let actions = 0;
  let lineNumber = 0;
  let bytes = 0;
  let pending: ActionLine | undefined;

  const add = (told: ActionLine, sourceText: string | undefined) => {
    actions += 1;
    if (actions > limits.maxActions) throw tooMany(limits.maxActions);
    const complaint = complaintAbout(told, defaults);
    if (complaint === undefined) batch.push(entryOf({ told, sourceText, defaults, nowUs: clock.nowUs() }));
    else if (complaints.length < MAX_COMPLAINTS) complaints.push(complaint);
  };

  for await (const { text, ended } of bulkLines(chunks, limits.maxLineBytes)) {
    lineNumber += 1;
    bytes += text.length + 1;
    batchBytes += text.length;
    if (!ended) throw illegalArgument("The bulk request must be terminated by a newline [\\n]");
    if (pending !== undefined) {
      add(pending, text);
      pending = undefined;
    } else if (text !== "") {
      const told = readActionLine(text, lineNumber);
      if (told.action === "delete") add(told, undefined);
      else pending = told;
    }
    const isFull = batchBytes >= limits.batchBytes || batch.length >= limits.batchActions;
    // Once there is something to complain of nothing more is written.
    if (isFull && pending === undefined && complaints.length === 0) {
      yield batch;
      batch = [];
      batchBytes = 0;
    }
  }
  if (bytes === 0) throw refusal({ type: "parse_exception", reason: "request body is required", status: 400 });
  if (complaints.length > 0) throw validationFailed(...complaints);
  if (actions === 0) throw validationFailed("no requests added");
  if (batch.length > 0) yield batch;
}

/** What is wrong with an action whatever its document is. */
function complaintAbout(told: ActionLine, defaults: BulkDefaults): string | undefined {
  if (told.index === undefined && defaults.index === undefined) return "index is missing";
  const { id } = told;
  if (id === undefined) return told.action === "delete" || told.action === "update" ? "id is missing" : undefined;
  const idBytes = Buffer.byteLength(id);
  if (idBytes <= MAX_ID_BYTES) return undefined;
  return `id [${id.slice(0, 2 * MAX_ID_BYTES)}] is too long, must be no longer than ${MAX_ID_BYTES} bytes but was: ${idBytes}`;
}

function entryOf(input: {
  told: ActionLine;
  sourceText: string | undefined;
  defaults: BulkDefaults;
  nowUs: number;
}): BulkEntry {
  const { told, sourceText, defaults, nowUs } = input;
  const { action, id } = told;
  const expression = told.index ?? defaults.index ?? "";
  const refused = (error: ForeignError, index = expression): BulkEntry => ({
    action,
    index,
    id: id ?? null,
    error,
    status: 400,
  });
  let index: string;
  try {
    index = resolveDateMath(expression, nowUs / 1000);
  } catch (error) {
    return refused({
      type: "illegal_argument_exception",
      reason: error instanceof Error ? error.message : String(error),
    });
  }
  const nameError = indexNameError(index);
  if (nameError !== undefined) return refused(nameError, index);
  if (id === "")
    return refused({ type: "illegal_argument_exception", reason: "if _id is specified it must not be empty" });
  const read =
    sourceText === undefined ? { source: {} } : action === "update" ? readUpdate(sourceText) : readDocument(sourceText);
  if ("error" in read) return refused(read.error, index);
  const { sourceFilter: ownFilter, ...document } = { sourceFilter: undefined, ...read };
  const sourceFilter = ownFilter ?? told.sourceFilter ?? defaults.sourceFilter;
  const pipeline = told.pipeline ?? defaults.pipeline;
  const routing = told.routing ?? defaults.routing;
  const requireAlias = told.requireAlias ?? defaults.requireAlias;
  const requireDataStream = told.requireDataStream ?? defaults.requireDataStream;
  const { version, versionType, ifSeqNo, ifPrimaryTerm } = told;
  return {
    action,
    item: {
      action,
      index,
      ...(id === undefined ? {} : { id }),
      ...document,
      ...(pipeline === undefined ? {} : { pipeline }),
      ...(routing === undefined ? {} : { routing }),
      ...(version === undefined ? {} : { version }),
      ...(versionType === undefined ? {} : { versionType }),
      ...(ifSeqNo === undefined ? {} : { ifSeqNo }),
      ...(ifPrimaryTerm === undefined ? {} : { ifPrimaryTerm }),
      ...(requireAlias === undefined ? {} : { requireAlias }),
      ...(requireDataStream === undefined ? {} : { requireDataStream }),
      receivedAtUs: nowUs,
    },
    ...(sourceFilter === undefined ? {} : { sourceFilter }),
  };
}

function tooMany(maxActions: number): Error {
  return refusal({
    type: "content_too_long_exception",
    reason: `The bulk request holds more than [${maxActions}] actions`,
    status: 413,
  });
}
