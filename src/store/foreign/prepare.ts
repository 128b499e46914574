import type { ForeignError, ForeignItem, JsonObject, Outcome } from "../../events/foreign.ts";
import { indexNameError } from "../../events/index-name.ts";
import { droppedOutcome, type Failure, failedOutcome, illegalItem, unpipedOutcome } from "./item-failures.ts";
import { hasDottedNames, type Prepared, upsertOf, withPlace } from "./prepared.ts";
import type { WriteTarget } from "./write-target.ts";

type Meta = { _index: string; _id?: string; _routing?: string };

/** The ingest pipelines, as far as a document goes through them. */
export type PipelineRunner = {
  get(name: string): JsonObject | undefined;
  /** Through these, one after the other; without any, dotted names become objects. */
  run(
    document: { source: JsonObject; meta: Meta },
    names: readonly string[],
  ):
    | { kind: "document"; meta: Meta; source: JsonObject }
    | { kind: "dropped" }
    | { kind: "failed"; error: ForeignError };
};

export type PrepareDeps = {
  pipelines: PipelineRunner;
  /** The document with its place on the chain's axis: network, node, slot. It is given objects, no dotted names. */
  place: (source: JsonObject) => JsonObject;
  /** Pipeline of documents that name none, and whose index names none; undefined for none. */
  entryPipeline: (source: JsonObject) => string | undefined;
  target: (item: ForeignItem) => WriteTarget | Failure;
};

/**
 * Sends a document through its pipelines (its own or the index's, then the index's last one) and gives it its place on
 * the chain. Gives the outcome of what ends here: dropped, refused, or meant for an index that cannot be written.
 */
export function prepareItem(item: ForeignItem, deps: PrepareDeps): Prepared | Outcome {
  const { target: targetOf } = deps;
  const target = targetOf(item);
  if ("error" in target) return failedOutcome(item, target);
  const named = { ...item, index: target.name };
  const document = item.action === "update" ? upsertOf(item) : item.action === "delete" ? undefined : item.source;
  if (document === undefined) return { item: named, text: undefined, added: {} };
  const piped = throughPipelines(named, { document, target, deps });
  if (!("piped" in piped)) return piped;
  if (item.action === "update") return updateOf(named, piped);
  if (!belongsToChain(piped.item, piped.kind)) return { item: piped.item, text: piped.text, added: {} };
  return placed(piped, deps);
}

type Piped = {
  piped: boolean;
  item: ForeignItem;
  /** As it was sent, where it is so still. */
  text: string | undefined;
  kind: WriteTarget["kind"];
};

function throughPipelines(
  item: ForeignItem,
  given: { document: JsonObject; target: WriteTarget; deps: PrepareDeps },
): Piped | Outcome {
  const { document, deps } = given;
  let { target } = given;
  const unchanged: Piped = { piped: false, item, text: item.text, kind: target.kind };
  const first = firstPipeline(item, document, { target, deps });
  if (first === undefined && target.finalPipeline === undefined) return unchanged;

  let source = document;
  let meta = metaOf(item);
  const run = (name: string): Outcome | undefined => {
    const failure = deps.pipelines.get(name) === undefined ? missingPipeline(name) : undefined;
    if (failure !== undefined) return unpipedOutcome(item, failure);
    const result = deps.pipelines.run({ source, meta }, [name]);
    if (result.kind === "dropped") return droppedOutcome(item);
    if (result.kind === "failed") return unpipedOutcome(item, { status: 400, error: result.error });
    ({ source, meta } = result);
    return undefined;
  };
  const ended = first === undefined ? undefined : run(first);
  if (ended !== undefined) return ended;
  if (meta._index !== target.name) {
    const moved = movedTarget(item, meta._index, deps);
    if ("error" in moved) return failedOutcome(item, moved);
    target = moved;
  }
  const final = target.finalPipeline === undefined ? undefined : run(target.finalPipeline);
  if (final !== undefined) return final;
  if (meta._index !== target.name && target.finalPipeline !== undefined) {
    const reason = `final pipeline [${target.finalPipeline}] can't change the target index (from [${target.name}] to [${meta._index}]) for document [${item.id ?? null}]`;
    return failedOutcome(item, { status: 400, error: { type: "illegal_state_exception", reason } });
  }
  const id = meta._id === undefined ? {} : { id: String(meta._id) };
  return {
    piped: true,
    item: { ...item, index: target.name, ...id, source },
    text: undefined,
    kind: target.kind,
  };
}

/** A pipeline that the document names, else the index's, else what its content speaks for. */
function firstPipeline(
  { pipeline, action }: ForeignItem,
  document: JsonObject,
  { target, deps }: { target: WriteTarget; deps: PrepareDeps },
): string | undefined {
  if (pipeline === undefined && target.defaultPipeline === undefined) {
    return action === "update" ? undefined : deps.entryPipeline(document);
  }
  const name = pipeline ?? target.defaultPipeline;
  return name === "_none" ? undefined : name;
}

function movedTarget(item: ForeignItem, index: string, { target }: PrepareDeps): WriteTarget | Failure {
  const nameError = indexNameError(index);
  return nameError === undefined ? target({ ...item, index }) : { status: 400, error: nameError };
}

function metaOf({ index, id, routing }: ForeignItem): Meta {
  return {
    _index: index,
    ...(id === undefined ? {} : { _id: id }),
    ...(routing === undefined ? {} : { _routing: routing }),
  };
}

/** Of an update the pipelines see the document that it would make. */
function updateOf(item: ForeignItem, { piped, item: after }: Piped): Prepared {
  if (!piped) return { item, text: undefined, added: {} };
  const { index, source } = after;
  const document = item.docAsUpsert === true ? { source } : { upsert: source };
  return { item: { ...item, index, ...document }, text: undefined, added: {} };
}

/**
 * Whether a document tells of a moment: all of a data stream do, and those with a time that are only ever added. What
 * an application keeps under ids of its own stays as it is.
 */
function belongsToChain({ id, source }: ForeignItem, kind: WriteTarget["kind"]): boolean {
  return kind === "stream" || (id === undefined && source["@timestamp"] !== undefined);
}

function placed({ item, text }: Piped, { pipelines, place }: PrepareDeps): Prepared {
  let before = item.source;
  if (hasDottedNames(before)) {
    const nested = pipelines.run({ source: before, meta: metaOf(item) }, []);
    // What cannot be taken apart is told when it comes to the mapping.
    if (nested.kind !== "document") return { item, text, added: {} };
    before = nested.source;
  }
  return withPlace(item, text, { before, after: place(before) });
}

function missingPipeline(name: string): Failure {
  return illegalItem(`pipeline with id [${name}] does not exist`);
}
