import { Fault } from "../../../lib/fault.ts";

/** What a query in SQL may name. */
export type SqlScope = {
  /** In lower case. */
  tables: ReadonlySet<string>;
  /** What the database's own catalogue has: names of common table expressions must be others. In lower case. */
  taken: ReadonlySet<string>;
  /** Functions that do more than compute. In lower case. */
  refused: ReadonlySet<string>;
};

/** Table functions that read nothing but their arguments. */
const TABLE_FUNCTIONS = new Set([
  "unnest",
  "range",
  "generate_series",
  "json_each",
  "json_tree",
  "repeat",
  "repeat_row",
]);

/** No path and no URL: what the database reads as a file when no table has the name. */
const PLAIN_NAME = /^[a-z_][a-z0-9_]*$/;

type Node = { readonly [part: string]: unknown };

/**
 * Checks a query as the database's own parser read it (`json_serialize_sql`), and answers the tables that it names. What
 * is not one SELECT over tables that are in scope is refused before anything of it runs. Throws `sql_refused`.
 */
export function checkSql(serialized: string, scope: SqlScope): ReadonlySet<string> {
  const read = JSON.parse(serialized) as { error: boolean; error_message?: string; statements?: readonly Node[] };
  if (read.error) throw unreadable(read.error_message ?? "");
  const [statement, ...more] = read.statements ?? [];
  if (statement === undefined) throw refused("There is no statement");
  if (more.length > 0) throw refused("There is more than one statement");

  const expressions = new Set<string>();
  for (const node of nodesOf(statement)) for (const name of commonTables(node)) expressions.add(name);
  for (const name of expressions) {
    // Where it is in scope is not looked at: outside of it, such a name is a file's or nothing's.
    if (!PLAIN_NAME.test(name))
      throw refused(`WITH cannot give the name '${name}': only letters, digits and _ are taken`);
    if (scope.taken.has(name)) throw refused(`WITH cannot give the name '${name}': the database has it`);
  }
  const used = new Set<string>();
  for (const node of nodesOf(statement)) {
    checkFunction(node, scope);
    const table = tableOf(node);
    if (table === undefined) continue;
    if (scope.tables.has(table)) used.add(table);
    else if (!expressions.has(table)) throw refused(`There is no table '${table}' to read`);
  }
  return used;
}

/** The name of the table that a node reads; undefined for any other node. */
function tableOf(node: Node): string | undefined {
  switch (node["type"]) {
    case "BASE_TABLE": {
      const { table_name: name, schema_name: schema, catalog_name: catalog } = node;
      if (schema !== "" || catalog !== "")
        throw refused(`Tables have names alone, not '${String(schema)}.${String(name)}'`);
      return String(name).toLowerCase();
    }
    case "TABLE_FUNCTION": {
      const { function_name: name } = (node["function"] ?? {}) as Node;
      if (typeof name === "string" && TABLE_FUNCTIONS.has(name.toLowerCase())) return undefined;
      throw refused(`The table function '${String(name)}' is not among those that can be used`);
    }
    case "SHOW_REF":
      throw refused("SHOW, DESCRIBE and SUMMARIZE are not served: the tables are listed with their columns");
    default:
      return undefined;
  }
}

function checkFunction(node: Node, { refused: names }: SqlScope): void {
  const { function_name: name } = node;
  if (typeof name === "string" && names.has(name.toLowerCase())) throw refused(`The function '${name}' cannot be used`);
}

function commonTables(node: Node): string[] {
  const { map } = (node["cte_map"] ?? {}) as { map?: readonly { key: unknown }[] };
  return (map ?? []).map(({ key }) => String(key).toLowerCase());
}

/** Every object within a value, itself first. */
function* nodesOf(value: unknown): Generator<Node> {
  if (typeof value !== "object" || value === null) return;
  if (!Array.isArray(value)) yield value as Node;
  for (const inner of Object.values(value)) yield* nodesOf(inner);
}

function unreadable(words: string): Fault {
  return /only select/i.test(words)
    ? refused("Only a SELECT can be used here")
    : refused(`It cannot be read: ${words.replace(/\.$/, "")}`);
}

function refused(why: string): Fault {
  return new Fault("sql_refused", `${why.slice(0, 500)}.`);
}
