import {
  type JsonSchema,
  OPENAPI_METHODS,
  type OpenApiDocument,
  type OpenApiMethod,
  type OpenApiOperation,
} from "./openapi.ts";

/** The page docs/api.md: one section a route, then one an object. What every route can answer is said once. */
export function renderApiDocs(document: OpenApiDocument): string {
  const operations = operationsOf(document);
  const [first = [], ...others] = operations.map(({ operation }) => responseRows(operation));
  const everywhere = first.filter((row) => others.every((rows) => rows.some((other) => isSameRow(row, other))));
  return [
    "# HTTP API",
    "",
    document.info.description,
    "",
    "`GET /api/v1/openapi.json` answers the same description as OpenAPI 3.1. Any route can also answer:",
    "",
    ...table(RESPONSE_HEAD, everywhere),
    ...operations.flatMap((route) => routeSection({ ...route, everywhere })),
    "# Objects",
    "",
    ...Object.entries(document.components.schemas).flatMap(([name, schema]) => objectSection(name, schema)),
  ]
    .join("\n")
    .trimEnd()
    .concat("\n");
}

const RESPONSE_HEAD = ["status", "body", "when"];

type Route = { path: string; method: OpenApiMethod; operation: OpenApiOperation };

/** Every method of every path. */
export function operationsOf({ paths }: OpenApiDocument): Route[] {
  return Object.entries(paths).flatMap(([path, methods]) =>
    OPENAPI_METHODS.flatMap((method) => {
      const operation = methods[method];
      return operation === undefined ? [] : [{ path, method, operation }];
    }),
  );
}

function isSameRow(a: readonly string[], b: readonly string[]): boolean {
  return a.join() === b.join();
}

function responseRows(operation: OpenApiOperation): string[][] {
  return Object.entries(operation.responses).map(([status, { description, content }]) => {
    const [type, body] = Object.entries(content)[0] ?? [];
    return [status, body?.schema.$ref === undefined ? `\`${type}\`` : typeWords(body.schema), description];
  });
}

function routeSection(input: Route & { everywhere: readonly string[][] }): string[] {
  const { path, method, operation, everywhere } = input;
  const events = Object.entries(operation["x-events"] ?? {});
  return [
    `## ${method.toUpperCase()} ${path}`,
    "",
    `${operation.summary}. ${operation.description}`,
    "",
    ...table(
      ["parameter", "in", "type", "meaning"],
      operation.parameters.map(({ name, in: place, schema, description }) => [
        `\`${name}\``,
        place,
        typeWords(schema),
        description,
      ]),
    ),
    ...bodyWords(operation),
    ...table(
      ["event", "data"],
      events.map(([event, schema]) => [
        `\`${event}\``,
        schema.$ref === undefined ? fieldsInline(schema) : typeWords(schema),
      ]),
    ),
    ...table(
      RESPONSE_HEAD,
      responseRows(operation).filter((row) => !everywhere.some((other) => isSameRow(row, other))),
    ),
  ];
}

function bodyWords({ requestBody }: OpenApiOperation): string[] {
  const [body] = Object.values(requestBody?.content ?? {});
  return body === undefined ? [] : [`Its body, in JSON, is a ${typeWords(body.schema)}.`, ""];
}

function objectSection(name: string, schema: JsonSchema): string[] {
  return [
    `## ${name}`,
    "",
    ...(schema.description === undefined ? [] : [schema.description, ""]),
    ...table(["field", "type", "meaning"], fieldRows(schema, "")),
  ];
}

/** The fields of an object, those of inner objects under their path. */
function fieldRows(schema: JsonSchema, prefix: string): string[][] {
  return Object.entries(schema.properties ?? {}).flatMap(([key, field]) => {
    const optional = schema.required?.includes(key) ? "" : ", optional";
    const row = [`\`${prefix}${key}\``, `${typeWords(field)}${optional}`, field.description ?? ""];
    const inner = innerObject(field);
    return inner === undefined ? [row] : [row, ...fieldRows(inner.schema, `${prefix}${key}${inner.suffix}.`)];
  });
}

function innerObject(schema: JsonSchema): { schema: JsonSchema; suffix: string } | undefined {
  if (schema.properties !== undefined) return { schema, suffix: "" };
  if (schema.items) {
    const inner = innerObject(schema.items);
    return inner === undefined ? undefined : { schema: inner.schema, suffix: `[]${inner.suffix}` };
  }
  const [inner] = alternatives(schema)
    .map(innerObject)
    .filter((found) => found !== undefined);
  return inner;
}

function fieldsInline(schema: JsonSchema): string {
  const fields = Object.entries(schema.properties ?? {}).map(([key, field]) => `"${key}": ${typeWords(field)}`);
  return `\`{ ${fields.join(", ")} }\``;
}

function alternatives({ anyOf = [], oneOf = [] }: JsonSchema): readonly JsonSchema[] {
  return [...anyOf, ...oneOf];
}

/** A schema's type in words, short enough for a table's cell. */
function typeWords(schema: JsonSchema): string {
  if (schema.$ref !== undefined) {
    const name = schema.$ref.split("/").at(-1) ?? "";
    return `[${name}](#${name.toLowerCase()})`;
  }
  if (alternatives(schema).length > 0) return alternatives(schema).map(typeWords).join(" or ");
  if (schema.const !== undefined) return `\`${schema.const}\``;
  if (schema.enum !== undefined) return schema.enum.map((value) => `\`${value}\``).join(", ");
  if (schema.prefixItems !== undefined) return `[${schema.prefixItems.map(typeWords).join(", ")}]`;
  const type = [schema.type ?? "any"].flat().join(" or ");
  if (type === "array") return `list of ${schema.items ? typeWords(schema.items) : "any"}`;
  if (type === "object" && typeof schema.additionalProperties === "object") {
    return `object, each ${typeWords(schema.additionalProperties)}`;
  }
  return `${type}${rangeWords(schema)}`;
}

function rangeWords({ minimum, maximum, default: preset }: JsonSchema): string {
  const range = minimum !== undefined && maximum !== undefined ? ` ${minimum} to ${maximum}` : "";
  return `${range}${preset === undefined ? "" : `, default ${JSON.stringify(preset)}`}`;
}

/** A table, or nothing when it would be empty. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  if (rows.length === 0) return [];
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line), ""];
}
