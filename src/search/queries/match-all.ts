import { type Clause, readOptions } from "./clause.ts";
import { matchAll, matchNone } from "./query.ts";

export const matchAllClause: Clause = {
  words: "Every document.",
  options: [],
  parse(body) {
    readOptions("match_all", body, matchAllClause);
    return matchAll;
  },
};

export const matchNoneClause: Clause = {
  words: "No document.",
  options: [],
  parse(body) {
    readOptions("match_none", body, matchNoneClause);
    return matchNone;
  },
};
