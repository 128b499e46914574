import type { Json } from "../../events/document.ts";

/** JSON as Elasticsearch's `pretty` prints it: two spaces, ` : ` behind a name, a newline at the end. */
export function prettyJson(value: Json): string {
  return `${pretty(value, "")}\n`;
}

function pretty(value: Json, indent: string): string {
  const inner = `${indent}  `;
  if (Array.isArray(value)) {
    if (value.length === 0) return "[ ]";
    return `[\n${value.map((element: Json) => `${inner}${pretty(element, inner)}`).join(",\n")}\n${indent}]`;
  }
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const fields = Object.entries(value);
  if (fields.length === 0) return "{ }";
  const lines = fields.map(([name, field]) => `${inner}${JSON.stringify(name)} : ${pretty(field, inner)}`);
  return `{\n${lines.join(",\n")}\n${indent}}`;
}

/** YAML as Elasticsearch writes it: every string in double quotes, which are JSON's. */
export function yaml(value: Json): string {
  return `---\n${isScalar(value) ? `${scalar(value)}\n` : block(value, "")}`;
}

function block(value: Json, indent: string): string {
  if (Array.isArray(value)) {
    return value
      .map((element: Json) =>
        isScalar(element)
          ? `${indent}- ${scalar(element)}\n`
          : `${indent}- ${block(element, `${indent}  `).slice(indent.length + 2)}`,
      )
      .join("");
  }
  return Object.entries(value ?? {})
    .map(([name, field]: [string, Json]) => {
      const key = /^[A-Za-z_][\w.-]*$/.test(name) ? name : JSON.stringify(name);
      if (isScalar(field)) return `${indent}${key}: ${scalar(field)}\n`;
      return `${indent}${key}:\n${block(field, Array.isArray(field) ? indent : `${indent}  `)}`;
    })
    .join("");
}

function isScalar(value: Json): boolean {
  return typeof value !== "object" || value === null || Object.keys(value).length === 0;
}

function scalar(value: Json): string {
  if (Array.isArray(value)) return "[]";
  return typeof value === "object" && value !== null ? "{}" : JSON.stringify(value);
}
