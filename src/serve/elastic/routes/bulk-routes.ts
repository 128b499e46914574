import { type BulkEntry, readBulk } from "../../../collect/bulk/read-bulk.ts";
import type { Json } from "../../../events/document.ts";
import type { ForeignError, ForeignSink, JsonObject, Outcome } from "../../../events/foreign.ts";
import { rejectedExecution } from "../../../events/refusal.ts";
import type { Clock } from "../../../lib/clock.ts";
import { isFault } from "../../../lib/fault.ts";
import { parseFilterPath } from "../filter-path.ts";
import { outcomeAnswer } from "../outcome-answer.ts";
import type { FaceAnswer, FaceRequest, FaceRoute } from "../route.ts";
import type { ElasticFaceConfig } from "../schema.ts";
import { readSourceFilter, SOURCE_PARAMETERS, type SourceFilter, sourceFilterOf } from "../source-filter.ts";
import { refreshed, refreshOf, WRITE_PARAMETERS, writeDefaults } from "../write-parameters.ts";

const MB = 1_000_000;
/** A batch is written with so many bytes or actions; a body of no more is taken whole or not at all. */
const BATCH_BYTES = 4 * MB;
const BATCH_ACTIONS = 5_000;

/** `_bulk`: read as it comes, written in batches, answered when all is durable, with one item an action in order. */
export function bulkRoutes(deps: { sink: ForeignSink; config: ElasticFaceConfig; clock: Clock }): readonly FaceRoute[] {
  const { sink, config, clock } = deps;
  let underWay = 0;
  return [
    {
      methods: ["POST", "PUT"],
      paths: ["/_bulk", "/{index}/_bulk"],
      parameters: [...WRITE_PARAMETERS, ...SOURCE_PARAMETERS, "list_executed_pipelines"],
      privilege: "write",
      action: "indices:data/write/bulk",
      async handle(request) {
        if (underWay >= config.max_bulk_requests || sink.full()) {
          throw rejectedExecution("the queue of the store is full: send this again later");
        }
        underWay += 1;
        try {
          return await bulk({ request, sink, config, clock });
        } finally {
          underWay -= 1;
        }
      },
    },
  ];
}

async function bulk(deps: {
  request: FaceRequest;
  sink: ForeignSink;
  config: ElasticFaceConfig;
  clock: Clock;
}): Promise<FaceAnswer> {
  const { request, sink, config, clock } = deps;
  const { parameters, signal } = request;
  const startedUs = clock.monoUs();
  const refresh = refreshOf(parameters);
  const urlFilter = sourceFilterOf(parameters);
  const { index } = request.path;
  const entries = readBulk({
    chunks: request.body.chunks(),
    defaults: { ...(index === undefined ? {} : { index }), ...writeDefaults(parameters) },
    limits: {
      maxLineBytes: config.max_document_mb * MB,
      maxActions: config.max_actions,
      batchBytes: BATCH_BYTES,
      batchActions: BATCH_ACTIONS,
    },
    clock,
  });
  const answer = createBulkAnswer(parameters.text("filter_path"));
  for await (const batch of entries) {
    // What cannot be answered as it is asked for is refused before anything is written.
    const filters = batch.map((entry) => filterOf(entry, urlFilter));
    const outcomes = await written(sink, batch);
    request.body.release();
    for (const [at, entry] of batch.entries()) {
      const outcome = outcomes[at] ?? lost(entry);
      if (outcome.error !== undefined) {
        answer.add(entry.action, failed(outcome, outcome.error), true);
        continue;
      }
      const sourceFilter = filters[at];
      const more = { forcedRefresh: refresh === "true", ...(sourceFilter === undefined ? {} : { sourceFilter }) };
      answer.add(entry.action, { ...outcomeAnswer(outcome, more), status: outcome.status }, false);
    }
  }
  await refreshed(sink, refresh, signal);
  const tookMs = Math.round((clock.monoUs() - startedUs) / 1000);
  const isPlain = parameters.flag("pretty") !== true && parameters.text("format") === undefined;
  return isPlain ? { parts: answer.parts(tookMs) } : { json: JSON.parse(answer.parts(tookMs).join("")) as Json };
}

/** Which part of an updated document its answer holds. */
function filterOf(entry: BulkEntry, urlFilter: SourceFilter | undefined): SourceFilter | undefined {
  if (entry.action !== "update" || !("item" in entry)) return undefined;
  return entry.sourceFilter === undefined ? urlFilter : readSourceFilter(entry.sourceFilter);
}

/** The outcome of each entry in its place; what the store cannot take now is each item's own 429 or 503. */
async function written(sink: ForeignSink, batch: readonly BulkEntry[]): Promise<readonly Outcome[]> {
  const items = batch.flatMap((entry) => ("item" in entry ? [entry.item] : []));
  let outcomes: readonly Outcome[];
  try {
    outcomes = items.length === 0 ? [] : await sink.write(items);
  } catch (error) {
    if (!isFault(error)) throw error;
    const isFull = error.code === "store_queue_full";
    const type = isFull ? "es_rejected_execution_exception" : "unavailable_shards_exception";
    const told = { status: isFull ? 429 : 503, error: { type, reason: error.message } };
    outcomes = items.map(({ index, id }) => ({ ...told, _index: index, _id: id ?? null }));
  }
  let next = 0;
  return batch.map((entry) => {
    if ("item" in entry) return outcomes[next++] ?? lost(entry);
    return { _index: entry.index, _id: entry.id, status: entry.status, error: entry.error };
  });
}

/** A sink that says nothing of an item has not stored it. */
function lost(entry: BulkEntry): Outcome {
  const error = { type: "unavailable_shards_exception", reason: "The store did not say what became of this." };
  const place =
    "item" in entry ? { _index: entry.item.index, _id: entry.item.id ?? null } : { _index: entry.index, _id: entry.id };
  return { ...place, status: 503, error };
}

function failed(outcome: Outcome, error: ForeignError): JsonObject {
  return { _index: outcome._index, _id: outcome._id, status: outcome.status, error };
}

/** Items are kept as the text that is sent, filtered at once: a hundred thousand of them are small so. */
function createBulkAnswer(filterPath: string | undefined) {
  const filter = parseFilterPath(filterPath);
  const items: string[] = [];
  let errors = false;
  const kept = (value: Json): Json | undefined => (filter === undefined ? value : filter(value));
  return {
    add(action: string, told: JsonObject, isError: boolean) {
      errors ||= isError;
      const whole = kept({ items: [{ [action]: told }] }) as { items: readonly Json[] } | undefined;
      if (whole !== undefined) items.push(JSON.stringify(whole.items[0]));
    },
    parts(tookMs: number): string[] {
      const head = (kept({ took: tookMs, errors }) ?? {}) as JsonObject;
      const fields = Object.entries(head).map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`);
      if (items.length > 0) fields.push(`"items":[${items.join(",")}]`);
      return ["{", fields.join(","), "}"];
    },
  };
}
