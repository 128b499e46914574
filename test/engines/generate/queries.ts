import fc, { type Arbitrary } from "fast-check";
import type { JsonObject } from "../../../src/events/foreign.ts";
import { NESTED } from "../corpus/mapping.ts";
import { oneOf, options, type Pool } from "./fields.ts";
import { queryStrings } from "./query-strings.ts";

const ZONES = ["+01:00", "Europe/Berlin", "America/St_Johns", "UTC", "-05:30"];
const DATE_MATH = [
  "now-1y",
  "2026-10-25||/d",
  "2026-10-25||+1d",
  "2026-10-01||/M",
  "2026-10-25T01:30:00||-2h/h",
  "now/y",
];
const SHOULD = fc.oneof(fc.integer({ min: -1, max: 3 }), fc.constantFrom("50%", "-1", "2<75%", "1"));

/** A query of the documented language; `depth` compound clauses within each other at most. */
export function queries(pool: Pool, depth = 3): Arbitrary<JsonObject> {
  const plain = leaves(pool);
  if (depth === 0) return plain;
  const inner = queries(pool, depth - 1);
  const some = fc.oneof(inner, fc.array(inner, { maxLength: 3 }));
  return fc.oneof(
    { weight: 5, arbitrary: plain },
    {
      weight: 3,
      arbitrary: options({ filter: some, must: some, must_not: some, should: some, minimum_should_match: SHOULD }).map(
        (bool) => ({ bool }) as JsonObject,
      ),
    },
    { weight: 1, arbitrary: inner.map((filter) => ({ constant_score: { filter } })) },
  );
}

function leaves(pool: Pool): Arbitrary<JsonObject> {
  return fc.oneof(
    fc.constantFrom<JsonObject[]>({ match_all: {} }, { match_none: {} }),
    terms(pool),
    ranges(pool),
    existing(pool),
    fc.subarray([...pool.ids, "absent"], { maxLength: 4 }).map((values) => ({ ids: { values } })),
    patterns(pool),
    matches(pool),
    queryStrings(pool),
    nestedQueries(pool),
  );
}

/** A field and something that depends on it. */
function about<T>(
  fields: readonly string[],
  make: (field: string) => Arbitrary<T>,
): Arbitrary<{ field: string; made: T }> {
  return oneOf(fields).chain((field) => make(field).map((made) => ({ field, made })));
}

function clause(
  name: string,
  fields: readonly string[],
  make: (field: string) => Arbitrary<unknown>,
): Arbitrary<JsonObject> {
  return about(fields, make).map(({ field, made }) => ({ [name]: { [field]: made } }) as JsonObject);
}

function terms(pool: Pool): Arbitrary<JsonObject> {
  const fields = [...pool.all, "odd.absent"];
  const caseless = [...pool.keywords, ...pool.texts];
  return fc.oneof(
    clause("term", fields, (field) =>
      fc.oneof(
        pool.value(field),
        pool.value(field).map((value) => ({ value })),
      ),
    ),
    clause("term", caseless, (field) =>
      pool.word(field).chain((value) => fc.boolean().map((flag) => ({ value, case_insensitive: flag }))),
    ),
    clause("terms", fields, (field) => fc.array(pool.value(field), { maxLength: 4 })),
    oneOf(["10.0.0.0/8", "2001:db8::/32", "0.0.0.0/0", "10.0.0.0/24", "::/0"]).chain((block) =>
      oneOf(pool.ips).map((field) => ({ term: { [field]: block } })),
    ),
  );
}

function ranges(pool: Pool): Arbitrary<JsonObject> {
  const bounds = (values: Arbitrary<unknown>) => ({ gt: values, gte: values, lt: values, lte: values });
  /** Both of two lower bounds is one that comes last in the body: which, no order of keys says. */
  const single = (body: Record<string, unknown>) => {
    const { gt, gte, lt, lte, ...rest } = body;
    return {
      ...rest,
      ...(gt === undefined ? (gte === undefined ? {} : { gte }) : { gt }),
      ...(lt === undefined ? (lte === undefined ? {} : { lte }) : { lt }),
    };
  };
  /**
   * Below the largest `unsigned_long` OpenSearch finds nothing, and refuses one below zero. A bound between the steps of a
   * `scaled_float` it rounds.
   */
  const boundOf = (field: string) =>
    pool.value(field).filter((value) => {
      if (pool.typeOf(field) === "scaled_float") return isWhole(Number(value) * COMMON_STEPS);
      return pool.typeOf(field) !== "unsigned_long" || (value !== "18446744073709551615" && Number(value) >= 0);
    });
  const isText = (value: unknown) => typeof value === "string";
  const orderable = [
    ...pool.numbers,
    ...pool.keywords.filter((name) => name !== "odd.wildcard"),
    ...pool.ips,
    "odd.absent",
  ];
  return fc.oneof(
    clause("range", orderable, (field) => options(bounds(boundOf(field))).map(single)),
    // Beside a number, Elasticsearch reads the other bound as milliseconds, too.
    clause("range", pool.dates, (field) =>
      options({ ...bounds(fc.oneof(pool.value(field).filter(isText), oneOf(DATE_MATH))), time_zone: oneOf(ZONES) }).map(
        single,
      ),
    ),
    clause("range", pool.dates, () =>
      options(bounds(oneOf(["25/10/2026", "24/10/2026", "01/01/2027"])))
        .map(single)
        .map((body) => ({ ...body, format: "dd/MM/yyyy" })),
    ),
  );
}

function existing(pool: Pool): Arbitrary<JsonObject> {
  const objects = ["odd", "ethereum", "ethereum.block", "log", "odd.absent", "message"];
  return oneOf(pool.all, objects).map((field) => ({ exists: { field } }));
}

function patterns(pool: Pool): Arbitrary<JsonObject> {
  const fields = [...pool.keywords, ...pool.texts];
  const cut = (word: string, at: number) => word.slice(0, Math.max(1, Math.min(word.length, at)));
  const prefix = (field: string) => fc.tuple(pool.word(field), fc.nat(5)).map(([word, at]) => cut(word, at));
  const wild = (field: string) =>
    fc.tuple(pool.word(field), fc.nat(5), fc.constantFrom("*", "?", "*?", "**")).map(([word, at, mark]) => {
      const escaped = word.replace(/[\\*?]/g, (sign) => `\\${sign}`);
      return at % 2 === 0 ? `${cut(word, at).replace(/[\\*?]/g, "?")}*` : `${mark}${escaped.slice(at)}`;
    });
  const regexp = (field: string) =>
    fc
      .tuple(pool.word(field), fc.constantFrom(".*", ".?", "[a-z]+", "(a|b).*", "[^0-9]{1,3}.*", "@", "a*b*.+"))
      .map(([word, rest]) => `${word.slice(0, 2).replace(/[^\p{L}\p{N}]/gu, ".")}${rest}`);
  const more = <T>(key: string, values: Arbitrary<T>) =>
    fc
      .tuple(values, fc.boolean())
      .map(([value, flag]) => ({ [key]: value, ...(flag ? { case_insensitive: true } : {}) }));
  return fc.oneof(
    // OpenSearch takes a star in the prefix of a `wildcard` field for any text.
    clause(
      "prefix",
      fields.filter((name) => name !== "odd.wildcard"),
      (field) => fc.oneof(prefix(field), more("value", prefix(field))),
    ),
    clause("wildcard", fields, (field) => fc.oneof(wild(field), more("value", wild(field)))),
    // Ranges within brackets hold both cases in OpenSearch alone.
    clause("regexp", fields, (field) =>
      pool.engine === "opensearch" ? fc.oneof(regexp(field), more("value", regexp(field))) : regexp(field),
    ),
  );
}

function matches(pool: Pool): Arbitrary<JsonObject> {
  const text = (field: string) =>
    fc.array(pool.word(field), { minLength: 1, maxLength: 3 }).map((words) => words.join(" "));
  const operator = fc.constantFrom("and", "or", "AND");
  const zero = fc.constantFrom("all", "none");
  return fc.oneof(
    clause("match", [...pool.texts, ...pool.keywords], (field) =>
      fc.oneof(
        text(field),
        fc
          .tuple(
            text(field),
            fc.oneof(
              // Of a word said twice Elasticsearch finds nothing with both of these.
              options({ operator, zero_terms_query: zero }),
              options({ minimum_should_match: SHOULD, zero_terms_query: zero }),
            ),
          )
          .map(([query, rest]) => ({ query, ...rest })),
      ),
    ),
    clause("match", [...pool.numbers, ...pool.dates, ...pool.ips, ...pool.booleans], pool.value),
    clause("match_phrase", pool.texts, text),
    clause("match_phrase", [...pool.texts, ...pool.keywords], (field) =>
      fc.tuple(pool.word(field), zero).map(([query, zero_terms_query]) => ({ query, zero_terms_query })),
    ),
    clause("match_phrase_prefix", pool.texts, (field) => text(field).map((query) => ({ query, max_expansions: 1000 }))),
    fc
      .tuple(
        fc.subarray([...pool.texts, ...pool.keywords, "odd.t*", "log.l*"], { minLength: 1, maxLength: 3 }),
        oneOf(pool.texts).chain(text),
        options({
          operator,
          type: fc.constantFrom("best_fields", "most_fields", "phrase"),
          lenient: fc.constant(true),
        }),
      )
      .map(([fields, query, rest]) => ({ multi_match: { fields, query, ...rest } }) as JsonObject),
  );
}

function nestedQueries(pool: Pool): Arbitrary<JsonObject> {
  const { keywords, numbers, dates } = pool.nested;
  const inner = fc.oneof(
    clause("term", [...keywords, ...numbers], pool.value),
    clause("range", [...numbers, ...dates], (field) => pool.value(field).map((gte) => ({ gte }))),
    oneOf(keywords, numbers, dates).map((field) => ({ exists: { field } }) as JsonObject),
    fc.constant<JsonObject>({ match_all: {} }),
  );
  const both = fc
    .tuple(inner, inner)
    .map(([one, other]) => ({ bool: { must: [one], must_not: [other] } }) as JsonObject);
  return fc.oneof(inner, both).map((query) => ({ nested: { path: NESTED, query } }));
}

/** Each `scaled_float` of the corpus has steps of a hundredth, or finer ones. */
const COMMON_STEPS = 100;

function isWhole(number: number): boolean {
  return Math.abs(number - Math.round(number)) < 1e-9;
}
