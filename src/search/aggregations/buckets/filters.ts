import { isObject } from "../../json-shape.ts";
import { parseQuery } from "../../queries/clauses.ts";
import type { Query } from "../../queries/query.ts";
import { invalid } from "../../search-fault.ts";
import type { PlannedBuckets } from "../aggregation.ts";
import type { Relation } from "../columns.ts";
import { type Kind, kindOptions, missingOption, requiredField } from "../kind.ts";
import { withPlaces } from "./key-relation.ts";

export const filterKind: Kind = {
  family: "bucket",
  words: "The documents of a query, in one bucket.",
  options: ["(a query)"],
  parse(body) {
    const query = parseQuery(body);
    return {
      family: "bucket",
      plan({ columns }) {
        const condition = columns.condition(query);
        return { ...oneBucket("filter", where(condition)), condition };
      },
    };
  },
};

export const missingKind: Kind = {
  family: "bucket",
  words: "The documents without a value in the field, in one bucket.",
  options: ["field", "missing"],
  parse(body, context) {
    const options = kindOptions(context, body, missingKind);
    const field = requiredField(context, options);
    const missing = missingOption(options);
    return {
      family: "bucket",
      plan({ columns }) {
        const { sql, list } = columns.values({ field, form: "key", clause: "missing", ...missing });
        const condition = list ? `coalesce(len(${sql}), 0) = 0` : `${sql} IS NULL`;
        return { ...oneBucket("missing", where(condition)), condition };
      },
    };
  },
};

export const globalKind: Kind = {
  family: "bucket",
  words: "All documents of the indices, whatever the query; at the top only.",
  options: [],
  topOnly: true,
  parse(body, context) {
    kindOptions(context, body, globalKind);
    return { family: "bucket", plan: ({ columns }) => oneBucket("global", () => columns.allDocuments) };
  },
};

function where(condition: string): (relation: Relation) => Relation {
  return (relation) => (values) => `SELECT * FROM (${relation(values)}) WHERE ${condition}`;
}

function oneBucket(type: string, narrow: (relation: Relation) => Relation): PlannedBuckets {
  return {
    keys: [],
    relation: ({ relation }) => narrow(relation),
    shape([row], inner) {
      const docCount = row?.count ?? 0;
      return {
        type,
        body: { doc_count: docCount },
        inner: inner(row),
        number: (property) => (property === "_count" || property === "doc_count" ? docCount : undefined),
      };
    },
  };
}

export const filtersKind: Kind = {
  family: "bucket",
  words: "A bucket for the documents of each query, and with `other_bucket` one for the rest.",
  options: ["filters", "other_bucket", "other_bucket_key", "keyed"],
  parse(body, context) {
    const options = kindOptions(context, body, filtersKind);
    const given = options.raw("filters");
    const keyed = isObject(given);
    if (given === undefined) throw invalid("[filters] cannot be empty.", "illegal_argument_exception");
    if (!keyed && !Array.isArray(given)) throw invalid("[filters] needs an object or an array of queries");
    if (Object.keys(given).length === 0) throw invalid("[filters] cannot be empty.", "illegal_argument_exception");
    const named: [string | undefined, Query][] = isObject(given)
      ? Object.entries(given)
          .sort(([a], [b]) => (a < b ? -1 : 1))
          .map(([name, query]) => [name, parseQuery(query)])
      : (given as unknown[]).map((query) => [undefined, parseQuery(query)]);
    const otherKey = options.text("other_bucket_key");
    const other = options.has("other_bucket") ? options.flag("other_bucket") : otherKey !== undefined;
    const asObject = keyed && (!options.has("keyed") || options.flag("keyed"));
    return {
      family: "bucket",
      plan({ columns, keyName }) {
        const conditions = named.map(([, query]) => columns.condition(query));
        const name = keyName();
        const names = [...named.map(([key]) => key), ...(other ? [keyed ? (otherKey ?? "_other_") : undefined] : [])];
        return {
          keys: [{ name, sqlType: "BIGINT" }],
          isCostly: true,
          relation: (level) => withPlaces({ level, name, conditions, other }),
          shape(rows, inner) {
            const byPlace = new Map(rows.map((row) => [Number(row.keys[0]), row]));
            const buckets = names.map((key, place) => ({
              key: place,
              ...(key === undefined ? {} : { name: key }),
              body: key === undefined || asObject ? {} : { key },
              docCount: byPlace.get(place)?.count ?? 0,
              inner: inner(byPlace.get(place)),
            }));
            return { type: "filters", body: {}, buckets, keyed: asObject };
          },
        };
      },
    };
  },
};
