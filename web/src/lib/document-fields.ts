/** A value of a document by its whole name; a list stays a list. */
export type DocumentField = { name: string; value: unknown };

/** All values of a document by their dotted names, sorted. */
export function documentFields(source: Readonly<Record<string, unknown>>): DocumentField[] {
  const fields: DocumentField[] = [];
  const collect = (object: Readonly<Record<string, unknown>>, prefix: string): void => {
    for (const [key, value] of Object.entries(object)) {
      const name = prefix === "" ? key : `${prefix}.${key}`;
      if (isObject(value) && Object.keys(value).length > 0) collect(value, name);
      else fields.push({ name, value });
    }
  };
  collect(source, "");
  return fields.sort((a, b) => a.name.localeCompare(b.name));
}

/** A value as text: what is no plain value as JSON. */
export function fieldText(value: unknown): string {
  if (typeof value === "string") return value;
  return value === undefined ? "" : JSON.stringify(value);
}

/** The plain values of a field, each of which can be filtered by. */
export function plainValues(value: unknown): (string | number | boolean)[] {
  const values: unknown[] = Array.isArray(value) ? value : [value];
  return values.filter(
    (one): one is string | number | boolean =>
      typeof one === "string" || typeof one === "number" || typeof one === "boolean",
  );
}

/** The document in one line: its most telling fields first. */
export function documentLine(fields: readonly DocumentField[], most: number): DocumentField[] {
  const rank = ({ name }: DocumentField) => {
    const at = TELLING.indexOf(name);
    return at < 0 ? TELLING.length : at;
  };
  return [...fields].sort((a, b) => rank(a) - rank(b)).slice(0, most);
}

const TELLING = ["message", "ethereum.slot", "observer.name", "ethereum.status", "host.name", "log.level"];

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
