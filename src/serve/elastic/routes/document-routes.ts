import { readDocument, readUpdate } from "../../../collect/bulk/source-line.ts";
import type { Json } from "../../../events/document.ts";
import type { DocumentReader, ForeignItem, ForeignSink, JsonObject } from "../../../events/foreign.ts";
import { resolveDateMath } from "../../../events/index-date-math.ts";
import { indexNameError } from "../../../events/index-name.ts";
import { illegalArgument, refusal, rejectedExecution, validationFailed } from "../../../events/refusal.ts";
import type { Clock } from "../../../lib/clock.ts";
import { isFault } from "../../../lib/fault.ts";
import { errorOf } from "../answer.ts";
import { outcomeAnswer } from "../outcome-answer.ts";
import type { FaceAnswer, FaceRequest, FaceRoute } from "../route.ts";
import {
  filterSource,
  readSourceFilter,
  SOURCE_PARAMETERS,
  type SourceFilter,
  sourceFilterOf,
} from "../source-filter.ts";
import { refreshed, refreshOf, WRITE_PARAMETERS, writeDefaults } from "../write-parameters.ts";

const CONDITIONS = ["if_seq_no", "if_primary_term", "version", "version_type"];
const READ_PARAMETERS = [
  ...SOURCE_PARAMETERS,
  "preference",
  "realtime",
  "refresh",
  "routing",
  "version",
  "version_type",
];
const MAX_DOCUMENTS = 10_000;

/** Single documents: `_doc`, `_create`, `_update`, `_source`, `_mget`. */
export function documentRoutes(deps: {
  sink: ForeignSink;
  reader: DocumentReader;
  clock: Clock;
}): readonly FaceRoute[] {
  const { sink, reader, clock } = deps;

  const write = async (request: FaceRequest, item: ForeignItem, sourceFilter?: SourceFilter): Promise<FaceAnswer> => {
    const refresh = refreshOf(request.parameters);
    if (sink.full()) throw rejectedExecution("the queue of the store is full: send this again later");
    const [outcome] = await sink.write([item]);
    if (outcome === undefined) throw rejectedExecution("the store did not say what became of this");
    const { status, error } = outcome;
    if (error !== undefined) {
      const { type, reason, caused_by: causedBy, ...more } = error;
      throw refusal({
        type,
        reason,
        status,
        more,
        ...(causedBy === undefined ? {} : { causedBy: causedBy as typeof error }),
      });
    }
    await refreshed(sink, refresh, request.signal);
    const location =
      status === 201 && outcome._id !== null
        ? { location: `/${encodeURIComponent(outcome._index)}/_doc/${encodeURIComponent(outcome._id)}` }
        : {};
    const more = { forcedRefresh: refresh === "true", ...(sourceFilter === undefined ? {} : { sourceFilter }) };
    return { status, headers: location, json: outcomeAnswer(outcome, more) };
  };
  const itemOf = ({ path, parameters }: FaceRequest, action: ForeignItem["action"]): ForeignItem => {
    const nowUs = clock.nowUs();
    const index = resolveDateMath(path["index"] ?? "", nowUs / 1000);
    const nameError = indexNameError(index);
    if (nameError !== undefined) throw refusal({ ...nameError, status: 400, more: { index_uuid: "_na_", index } });
    const { id } = path;
    if (id !== undefined && Buffer.byteLength(id) > 512) {
      throw validationFailed(
        `id [${id.slice(0, 1024)}] is too long, must be no longer than 512 bytes but was: ${Buffer.byteLength(id)}`,
      );
    }
    const versionType = parameters.text("version_type");
    const [ifSeqNo, ifPrimaryTerm, version] = [
      parameters.long("if_seq_no"),
      parameters.long("if_primary_term"),
      parameters.long("version"),
    ];
    if (versionType !== undefined && !isVersionType(versionType)) {
      throw illegalArgument(`No version type match [${versionType}]`);
    }
    return {
      action,
      index,
      ...(id === undefined ? {} : { id }),
      ...writeDefaults(parameters),
      ...(ifSeqNo === undefined ? {} : { ifSeqNo }),
      ...(ifPrimaryTerm === undefined ? {} : { ifPrimaryTerm }),
      ...(version === undefined ? {} : { version }),
      ...(versionType === undefined ? {} : { versionType }),
      source: {},
      receivedAtUs: nowUs,
    };
  };
  const put = async (request: FaceRequest, action: "index" | "create") => {
    const item = itemOf(request, action);
    const text = await request.body.text();
    if (text === "") throw refusal({ type: "parse_exception", reason: "request body is required", status: 400 });
    const read = readDocument(text);
    if (!("error" in read)) return write(request, { ...item, ...read });
    const { type, reason, caused_by: causedBy } = read.error;
    throw refusal({ type, reason, status: 400, causedBy: causedBy as typeof read.error });
  };

  return [
    {
      methods: ["PUT", "POST"],
      paths: ["/{index}/_doc/{id}"],
      parameters: [...WRITE_PARAMETERS, ...CONDITIONS, "op_type"],
      privilege: "write",
      action: "indices:data/write/index",
      handle: (request) => put(request, operationOf(request)),
    },
    {
      methods: ["POST"],
      paths: ["/{index}/_doc"],
      parameters: [...WRITE_PARAMETERS, "op_type"],
      privilege: "write",
      action: "indices:data/write/index",
      handle: (request) => put(request, operationOf(request)),
    },
    {
      methods: ["PUT", "POST"],
      paths: ["/{index}/_create/{id}"],
      parameters: WRITE_PARAMETERS,
      privilege: "write",
      action: "indices:data/write/index",
      handle: (request) => put(request, "create"),
    },
    {
      methods: ["POST"],
      paths: ["/{index}/_update/{id}"],
      parameters: [...WRITE_PARAMETERS, ...CONDITIONS, ...SOURCE_PARAMETERS, "retry_on_conflict", "lang"],
      privilege: "write",
      action: "indices:data/write/update",
      async handle(request) {
        const item = itemOf(request, "update");
        const text = await request.body.text();
        if (text === "") throw validationFailed("script or doc is missing");
        const read = readUpdate(text);
        if ("error" in read) throw refusal({ ...read.error, status: 400 });
        const { sourceFilter, ...document } = read;
        const filter = sourceFilter === undefined ? sourceFilterOf(request.parameters) : readSourceFilter(sourceFilter);
        return write(request, { ...item, ...document }, filter);
      },
    },
    {
      methods: ["DELETE"],
      paths: ["/{index}/_doc/{id}"],
      parameters: [...WRITE_PARAMETERS, ...CONDITIONS],
      privilege: "write",
      action: "indices:data/write/delete",
      handle: (request) => write(request, itemOf(request, "delete")),
    },
    {
      methods: ["GET", "HEAD"],
      paths: ["/{index}/_doc/{id}"],
      parameters: [...READ_PARAMETERS, "stored_fields"],
      privilege: "read",
      action: "indices:data/read/get",
      async handle({ path, parameters, signal }) {
        const { index = "", id = "" } = path;
        const json = await found({ reader, index, id, filter: sourceFilterOf(parameters), signal });
        return { status: json["found"] === true ? 200 : 404, json };
      },
    },
    {
      methods: ["GET", "HEAD"],
      paths: ["/{index}/_source/{id}"],
      parameters: READ_PARAMETERS,
      privilege: "read",
      action: "indices:data/read/get",
      async handle({ path, parameters, signal }) {
        const { index = "", id = "" } = path;
        const { _source: source } = await found({ reader, index, id, filter: sourceFilterOf(parameters), signal });
        if (source !== undefined) return { json: source };
        throw refusal({
          type: "resource_not_found_exception",
          reason: `Document not found [${index}]/[${id}]`,
          status: 404,
        });
      },
    },
    {
      methods: ["GET", "POST"],
      paths: ["/_mget", "/{index}/_mget"],
      parameters: [...READ_PARAMETERS, "stored_fields"],
      privilege: "read",
      action: "indices:data/read/mget",
      async handle({ path, parameters, body, signal }) {
        const wanted = wantedDocuments(await body.object(), path["index"]);
        const urlFilter = sourceFilterOf(parameters);
        const docs: JsonObject[] = [];
        for (const { index, id, filter = urlFilter } of wanted) {
          docs.push(await foundOrError({ reader, index, id, filter, signal }));
        }
        return { json: { docs } };
      },
    },
  ];
}

type Wanted = { index: string; id: string; filter?: SourceFilter };
type Lookup = {
  reader: DocumentReader;
  index: string;
  id: string;
  filter: SourceFilter | undefined;
  signal: AbortSignal;
};

async function found({ reader, index, id, filter, signal }: Lookup): Promise<JsonObject> {
  const document = await reader.get({ index, id, signal });
  if (document === undefined) return { _index: index, _id: id, found: false };
  const { source, ...told } = document;
  const shown = filter?.none === true ? {} : { _source: filter === undefined ? source : filterSource(source, filter) };
  return { ...told, found: true, ...shown };
}

async function foundOrError(lookup: Lookup): Promise<JsonObject> {
  try {
    return await found(lookup);
  } catch (error) {
    if (!isFault(error)) throw error;
    return { _index: lookup.index, _id: lookup.id, error: errorOf(error).error };
  }
}

function wantedDocuments(body: JsonObject, pathIndex: string | undefined): readonly Wanted[] {
  const { docs, ids, ...strange } = body;
  const [unknown] = Object.keys(strange);
  if (unknown !== undefined) {
    throw refusal({
      type: "parsing_exception",
      reason: `unexpected token [START_OBJECT], expected [docs] or [ids] but found [${unknown}]`,
      status: 400,
    });
  }
  const listed: readonly Json[] = Array.isArray(docs) ? docs : Array.isArray(ids) ? ids : [];
  if (listed.length === 0) throw validationFailed("no documents to get");
  if (listed.length > MAX_DOCUMENTS) throw illegalArgument(`more than [${MAX_DOCUMENTS}] documents in one request`);
  const wanted = listed.map((entry): Partial<Wanted> => {
    if (typeof entry === "string" || typeof entry === "number") return { id: String(entry) };
    const { _index, _id, _source } = (entry ?? {}) as JsonObject;
    return {
      ...(typeof _index === "string" ? { index: _index } : {}),
      ...(typeof _id === "string" || typeof _id === "number" ? { id: String(_id) } : {}),
      ...(_source === undefined ? {} : { filter: readSourceFilter(_source) }),
    };
  });
  const complaints = wanted.flatMap(({ index = pathIndex, id }, at) => [
    ...(index === undefined ? [`index is missing for doc ${at}`] : []),
    ...(id === undefined ? [`id is missing for doc ${at}`] : []),
  ]);
  if (complaints.length > 0) throw validationFailed(...complaints);
  return wanted.map(({ index = pathIndex ?? "", id = "", ...more }) => ({ index, id, ...more }));
}

function operationOf({ parameters }: FaceRequest): "index" | "create" {
  const operation = parameters.text("op_type") ?? "index";
  if (operation === "index" || operation === "create") return operation;
  throw illegalArgument(`opType must be 'create' or 'index', found: [${operation}]`);
}

function isVersionType(text: string): text is "internal" | "external" | "external_gte" {
  return ["internal", "external", "external_gte"].includes(text);
}
