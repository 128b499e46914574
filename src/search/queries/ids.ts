import { findField } from "../fields/find-field.ts";
import { invalid } from "../search-fault.ts";
import { any } from "../sql-conditions.ts";
import { type Clause, readOptions } from "./clause.ts";
import type { Query, QueryContext } from "./query.ts";
import { idCondition } from "./terms.ts";

export const idsClause: Clause = {
  words: "Documents by `_id`.",
  options: ["values"],
  parse(body) {
    const values = readOptions("ids", body, idsClause).list("values");
    if (values === undefined) throw invalid("[ids] requires providing a values array of ids");
    const ids = values.map((value) => {
      if (typeof value === "string" || typeof value === "number") return String(value);
      throw invalid("Illegal value for id, expecting a string or number", "illegal_argument_exception");
    });
    return { compile: (context) => idCondition(context.target, ids, context) };
  },
};

export const existsClause: Clause = {
  words: "Documents that have a value in the field, or in a field below it.",
  options: ["field"],
  parse(body) {
    const field = readOptions("exists", body, existsClause).text("field");
    if (field === undefined) throw invalid("[exists] must be provided with a [field]");
    return existsQuery(field);
  },
};

export function existsQuery(name: string): Query {
  return {
    compile(context) {
      if (name === "_id" || name === "_index") return "TRUE";
      return existsSql(name, context);
    },
  };
}

function existsSql(name: string, context: QueryContext): string {
  const field = findField(context, name);
  if (field !== undefined && field.valueClass !== "object") {
    return field.list ? `len(${field.sql}) > 0` : `${field.sql} IS NOT NULL`;
  }
  // An object exists where one of its fields does.
  const names = [...context.target.columns.keys(), ...(context.target.foreign?.mapping.keys() ?? [])];
  const inner = [...new Set(names)].filter((path) => path.startsWith(`${name}.`));
  return any(inner.map((path) => existsSql(path, context)).filter((condition) => condition !== "FALSE"));
}
