import type { Json } from "../../../events/document.ts";
import type { JsonObject, PipelineBook, SimulatedDocument } from "../../../events/foreign.ts";
import { illegalArgument, refusal } from "../../../events/refusal.ts";
import { wildcard } from "../../../lib/wildcard.ts";
import type { FaceAnswer, FaceRequest, FaceRoute } from "../route.ts";

const ACKNOWLEDGED: FaceAnswer = { json: { acknowledged: true } };
const TIMEOUTS = ["master_timeout", "timeout"];
const MAX_DOCUMENTS = 1_000;

/** Ingest pipelines: put, told, deleted and tried out. */
export function pipelineRoutes(pipelines: PipelineBook): readonly FaceRoute[] {
  const matching = (id: string) => {
    const patterns = id.split(",").map(wildcard);
    return [...pipelines.all()].filter(([name]) => patterns.some((matches) => matches(name)));
  };
  const simulate = async ({ path: { id }, parameters, body }: FaceRequest): Promise<FaceAnswer> => {
    const told = await body.object();
    const pipeline = id === undefined ? told["pipeline"] : pipelines.all().get(id);
    if (id !== undefined && pipeline === undefined) throw illegalArgument(`pipeline [${id}] does not exist`);
    if (!isObject(pipeline)) throw required("pipeline");
    const docs = await pipelines.simulate({
      pipeline,
      documents: documentsOf(told["docs"]),
      verbose: parameters.flag("verbose") ?? false,
    });
    return { json: { docs } };
  };
  return [
    {
      methods: ["GET"],
      paths: ["/_ingest/pipeline", "/_ingest/pipeline/{id}"],
      parameters: [...TIMEOUTS, "summary"],
      privilege: "monitor",
      action: "cluster:admin/ingest/pipeline/get",
      handle({ path: { id }, parameters }) {
        const found = id === undefined ? [...pipelines.all()] : matching(id);
        if (found.length === 0 && id !== undefined) return { status: 404, json: {} };
        const isSummary = parameters.flag("summary") ?? false;
        return {
          json: Object.fromEntries(found.map(([name, pipeline]): [string, Json] => [name, isSummary ? {} : pipeline])),
        };
      },
    },
    {
      methods: ["PUT"],
      paths: ["/_ingest/pipeline/{id}"],
      parameters: [...TIMEOUTS, "if_version"],
      privilege: "setup",
      action: "cluster:admin/ingest/pipeline/put",
      async handle({ path: { id = "" }, body }) {
        await pipelines.put(id, await body.object());
        return ACKNOWLEDGED;
      },
    },
    {
      methods: ["DELETE"],
      paths: ["/_ingest/pipeline/{id}"],
      parameters: TIMEOUTS,
      privilege: "manage",
      action: "cluster:admin/ingest/pipeline/delete",
      async handle({ path: { id = "" } }) {
        const found = matching(id);
        if (found.length === 0 && id !== "*") {
          throw refusal({ type: "resource_not_found_exception", reason: `pipeline [${id}] is missing`, status: 404 });
        }
        for (const [name] of found) await pipelines.delete(name);
        return ACKNOWLEDGED;
      },
    },
    {
      methods: ["GET", "POST"],
      paths: ["/_ingest/pipeline/_simulate", "/_ingest/pipeline/{id}/_simulate"],
      parameters: ["verbose"],
      privilege: "setup",
      action: "cluster:admin/ingest/pipeline/simulate",
      handle: simulate,
    },
  ];
}

function documentsOf(docs: Json | undefined): readonly SimulatedDocument[] {
  if (!Array.isArray(docs)) throw required("docs");
  if (docs.length === 0) throw illegalArgument("must specify at least one document in [docs]");
  if (docs.length > MAX_DOCUMENTS) throw illegalArgument(`at most [${MAX_DOCUMENTS}] documents may be given in [docs]`);
  return docs.map((doc: Json) => {
    if (!isObject(doc)) throw illegalArgument("malformed [docs] section, should include an inner object");
    const { _index, _id, _source } = doc;
    if (!isObject(_source)) throw required("_source");
    return {
      ...(typeof _index === "string" ? { _index } : {}),
      ...(typeof _id === "string" ? { _id } : {}),
      _source,
    };
  });
}

function required(property: string): Error {
  return refusal({
    type: "parse_exception",
    reason: `[${property}] required property is missing`,
    status: 400,
    more: { property_name: property },
  });
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
