import { z } from "zod";
import { STATUS_OF } from "./api/api-errors.ts";
import type { Operation } from "./api/operation.ts";
import { COMMON_FAILURES, operations } from "./api/operations.ts";
import { streamQuery } from "./api/parameters.ts";
import { schemas, type Views } from "./api/schemas.ts";

/** A JSON Schema, as far as our documents use it. */
export type JsonSchema = {
  $ref?: string;
  type?: string | readonly string[];
  description?: string;
  properties?: Readonly<Record<string, JsonSchema>>;
  required?: readonly string[];
  items?: JsonSchema | false;
  prefixItems?: readonly JsonSchema[];
  additionalProperties?: JsonSchema | boolean;
  anyOf?: readonly JsonSchema[];
  oneOf?: readonly JsonSchema[];
  const?: string;
  pattern?: string;
  enum?: readonly string[];
  default?: unknown;
  minimum?: number;
  maximum?: number;
};

type OpenApiParameter = {
  name: string;
  in: "query" | "path" | "header";
  required: boolean;
  description: string;
  schema: JsonSchema;
};

type OpenApiResponse = {
  description: string;
  content: Readonly<Record<string, { schema: JsonSchema }>>;
};

export type OpenApiOperation = {
  operationId: string;
  summary: string;
  description: string;
  parameters: readonly OpenApiParameter[];
  requestBody?: { required: true; content: OpenApiResponse["content"] };
  responses: Readonly<Record<string, OpenApiResponse>>;
  /** The events of a `text/event-stream` and what their data are. */
  "x-events"?: Readonly<Record<string, JsonSchema>>;
};

export const OPENAPI_METHODS = ["get", "post", "put", "delete"] as const;
export type OpenApiMethod = (typeof OPENAPI_METHODS)[number];

type OpenApiPath = Partial<Record<OpenApiMethod, OpenApiOperation>>;

export type OpenApiDocument = {
  openapi: "3.1.0";
  info: { title: string; version: string; description: string };
  paths: Readonly<Record<string, OpenApiPath>>;
  components: { schemas: Readonly<Record<string, JsonSchema>> };
};

const componentUri = (name: string) => `#/components/schemas/${name}`;
const refTo = (name: keyof Views): JsonSchema => ({ $ref: componentUri(name) });
const json = (schema: JsonSchema) => ({ "application/json": { schema } });

/** The description of the native API, made from the very schemas and table that serve it. */
export function openApiDocument(): OpenApiDocument {
  const paths: Record<string, OpenApiPath> = {};
  for (const [operationId, operation] of Object.entries<Operation>(operations)) {
    const method = (operation.method ?? "GET").toLowerCase() as OpenApiMethod;
    paths[operation.path] = { ...paths[operation.path], [method]: describeOperation(operationId, operation) };
  }
  paths["/api/v1/stream"] = { get: streamOperation };
  paths["/api/v1/openapi.json"] = {
    get: plainOperation({
      operationId: "getOpenApi",
      summary: "This description",
      words: "The OpenAPI 3.1 document of this API.",
      content: json({ type: "object" }),
    }),
  };
  paths["/metrics"] = {
    get: plainOperation({
      operationId: "getMetrics",
      summary: "Metrics",
      words: "The monitor's own metrics in the Prometheus text format; docs/metrics.md lists them.",
      content: { "text/plain": { schema: { type: "string" } } },
    }),
  };
  return {
    openapi: "3.1.0",
    info: {
      title: "Ethereum Monitor",
      version: "1",
      description:
        "What is watched and measured cannot be changed by it; dashboards, panels, searches and rules can be saved. Keys are snake_case as in the Beacon API. Times are Unix milliseconds (UTC) with the microseconds " +
        "as fraction; delays are signed milliseconds from the slot's start.",
    },
    paths,
    components: { schemas: componentSchemas() },
  };
}

function describeOperation(operationId: string, operation: Operation): OpenApiOperation {
  return {
    operationId,
    summary: operation.summary,
    description: operation.words,
    parameters: [...parametersOf(operation.params, "path"), ...parametersOf(operation.query, "query")],
    ...(operation.body === undefined
      ? {}
      : { requestBody: { required: true, content: json(refTo(operation.body.name)) } }),
    responses: {
      [operation.begins ? "202" : "200"]: {
        description: schemas[operation.answer].description ?? operation.summary,
        content: json(refTo(operation.answer)),
      },
      ...(operation.answer === "Health"
        ? { "503": { description: "The monitor is failing.", content: json(refTo("Health")) } }
        : {}),
      ...failuresOf({ ...COMMON_FAILURES, ...operation.failures }),
    },
  };
}

/** Faults that share a status are one response, whose words name each code. */
function failuresOf(failures: Operation["failures"]): Record<string, OpenApiResponse> {
  const words = new Map<number, string[]>();
  for (const [code, sentence] of Object.entries(failures)) {
    const status = STATUS_OF[code as keyof typeof STATUS_OF];
    words.set(status, [...(words.get(status) ?? []), `\`${code}\`: ${sentence}`]);
  }
  return Object.fromEntries(
    [...words].map(([status, lines]) => [
      String(status),
      { description: lines.join(" "), content: json(refTo("Error")) },
    ]),
  );
}

function parametersOf(schema: z.ZodObject, place: "query" | "path"): OpenApiParameter[] {
  const { properties = {} } = tidy(z.toJSONSchema(schema, { io: "output" }) as JsonSchema);
  // What has a default stands in every output.
  const needed = z.toJSONSchema(schema, { io: "input" }).required ?? [];
  return Object.entries(properties).map(([name, { description = "", ...rest }]) => ({
    name,
    in: place,
    required: place === "path" || needed.includes(name),
    description,
    schema: rest,
  }));
}

function componentSchemas(): Record<string, JsonSchema> {
  const registry = z.registry<{ id: string }>();
  for (const [id, schema] of Object.entries(schemas)) registry.add(schema, { id });
  const made = z.toJSONSchema(registry, { uri: componentUri, io: "output" }).schemas;
  return Object.fromEntries(
    Object.entries(made)
      .filter(([name]) => name !== SHARED)
      .map(([name, schema]) => [name, tidy(schema as JsonSchema)]),
  );
}

/** Where zod puts what refers to itself: any JSON alone does. */
const SHARED = "__shared";

/**
 * What zod adds and a reader does not need: the dialect (OpenAPI 3.1 has it), ids, the bounds of safe integers, any JSON
 * taken apart.
 */
function tidy<T>(value: T): T {
  if (Array.isArray(value)) return value.map((item) => tidy(item)) as T;
  if (typeof value !== "object" || value === null) return value;
  if (String((value as JsonSchema).$ref ?? "").includes(`/${SHARED}`)) return {} as T;
  const kept = Object.entries(value).filter(
    ([key, inner]) =>
      key !== "$schema" &&
      key !== "$id" &&
      key !== "propertyNames" &&
      !((key === "maximum" || key === "minimum") && Math.abs(Number(inner)) === Number.MAX_SAFE_INTEGER),
  );
  return Object.fromEntries(kept.map(([key, inner]) => [key, tidy(inner)])) as T;
}

function plainOperation(input: {
  operationId: string;
  summary: string;
  words: string;
  content: OpenApiResponse["content"];
}): OpenApiOperation {
  const { operationId, summary, words, content } = input;
  return {
    operationId,
    summary,
    description: words,
    parameters: [],
    responses: { "200": { description: summary, content }, ...failuresOf(COMMON_FAILURES) },
  };
}

const streamOperation: OpenApiOperation = {
  ...plainOperation({
    operationId: "getStream",
    summary: "Live stream",
    words:
      "Server-sent events: each change as it happens. Without an id nothing is replayed. A reader that comes back with " +
      "the id of its last event gets what it missed, or a `reset` where that is no longer held or the monitor was " +
      "restarted: fetch anew then, and read on. A reader that is too slow gets a `reset` as its last event. A comment " +
      "every 15 seconds keeps the connection up.",
    content: { "text/event-stream": { schema: { type: "string" } } },
  }),
  parameters: [
    {
      name: "Last-Event-ID",
      in: "header",
      required: false,
      description: "The id of the last event received; browsers send it by themselves.",
      schema: { type: "string" },
    },
    ...parametersOf(streamQuery, "query"),
  ],
  responses: {
    "200": { description: "The stream.", content: { "text/event-stream": { schema: { type: "string" } } } },
    ...failuresOf({ ...COMMON_FAILURES, stream_full: "The stream has as many readers as it serves." }),
  },
  "x-events": {
    slot: refTo("Slot"),
    node_slot: refTo("NodeSlot"),
    slot_votes: refTo("SlotVotes"),
    epoch: refTo("Epoch"),
    reorg: refTo("Reorg"),
    block: refTo("Block"),
    gap: refTo("Gap"),
    alert: refTo("Alert"),
    node: refTo("Node"),
    health: refTo("Health"),
    reset: {
      type: "object",
      properties: { reason: { type: "string", description: "One sentence." } },
      required: ["reason"],
    },
  },
};
