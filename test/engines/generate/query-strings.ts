import fc, { type Arbitrary } from "fast-check";
import type { JsonObject } from "../../../src/events/foreign.ts";
import { oneOf, options, type Pool } from "./fields.ts";

/** `query_string` and `simple_query_string`. */
export function queryStrings(pool: Pool): Arbitrary<JsonObject> {
  const fields = fc.subarray([...pool.texts, "odd.keyword", "host.name", "log.logger"], { minLength: 1, maxLength: 3 });
  const shared = { default_operator: fc.constantFrom("AND", "OR", "and"), lenient: fc.constant(true) };
  return fc.oneof(
    fc
      .tuple(fields, luceneTexts(pool), options(shared))
      .map(([names, query, rest]) => ({ query_string: { fields: names, query, ...rest } }) as JsonObject),
    fc
      .tuple(oneOf(pool.texts), luceneTexts(pool), options(shared))
      .map(([name, query, rest]) => ({ query_string: { default_field: name, query, ...rest } }) as JsonObject),
    fc
      .tuple(fields, simpleTexts(pool), options(shared))
      .map(([names, query, rest]) => ({ simple_query_string: { fields: names, query, ...rest } }) as JsonObject),
  );
}

/** A word of letters and digits alone, so that it means nothing to the syntax. */
function words(pool: Pool): Arbitrary<string> {
  return oneOf(pool.texts)
    .chain(pool.word)
    .map((word) => word.replace(/[^\p{L}\p{N}]+/gu, "") || "fox")
    .filter((word) => !/^(?:AND|OR|NOT|TO)$/.test(word));
}

function luceneTexts(pool: Pool): Arbitrary<string> {
  const word = words(pool);
  const atom = fc.oneof(
    { weight: 4, arbitrary: word },
    { weight: 1, arbitrary: fc.tuple(word, word).map(([a, b]) => `"${a} ${b}"`) },
    { weight: 1, arbitrary: word.map((text) => `${text.slice(0, 3)}*`) },
    { weight: 1, arbitrary: word.map((text) => `${text.slice(0, 1)}?${text.slice(2)}`) },
    { weight: 1, arbitrary: fc.tuple(oneOf(pool.texts), word).map(([field, text]) => `${field}:${text}`) },
    {
      weight: 1,
      arbitrary: fc.constantFrom("_exists_:odd.keyword", "log.logger:(geth OR besu)", "host.name:node-1", "*", "*:*"),
    },
    {
      weight: 1,
      arbitrary: fc.constantFrom(
        "ethereum.slot:[7000000 TO 7000100}",
        "ethereum.peers:>=60",
        "@timestamp:[2026-10-25 TO *]",
        "odd.long:(1 OR 42)",
        "ethereum.peers:<50",
        "host.name:/node-[12]/",
      ),
    },
  );
  return combined(atom, ["AND", "OR", "", "&&", "||"], ["NOT ", "+", "-", "!", ""]);
}

function simpleTexts(pool: Pool): Arbitrary<string> {
  const word = words(pool);
  const atom = fc.oneof(
    { weight: 4, arbitrary: word },
    { weight: 1, arbitrary: fc.tuple(word, word).map(([a, b]) => `"${a} ${b}"`) },
    { weight: 1, arbitrary: word.map((text) => `${text.slice(0, 3)}*`) },
  );
  return combined(atom, ["+", "|", ""], ["-", ""]);
}

function combined(atom: Arbitrary<string>, between: readonly string[], before: readonly string[]): Arbitrary<string> {
  const signed = fc.tuple(fc.constantFrom(...before, "", ""), atom).map(([sign, text]) => `${sign}${text}`);
  const joined = fc
    .tuple(signed, fc.array(fc.tuple(fc.constantFrom(...between), signed), { maxLength: 3 }))
    .map(([first, rest]) =>
      rest.reduce((text, [sign, next]) => `${text} ${sign} ${next}`.replace(/ {2,}/g, " "), first),
    );
  return fc.oneof(
    { weight: 3, arbitrary: joined },
    {
      weight: 1,
      arbitrary: fc
        .tuple(joined, atom, fc.constantFrom(...between))
        .map(([a, b, sign]) => `(${a}) ${sign} ${b}`.replace(/ {2,}/g, " ")),
    },
  );
}
