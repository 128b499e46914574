import { expect, test } from "vitest";
import { both, luceneOf } from "./lucene.ts";

test.each([
  [{ match_all: {} }, "*:*"],
  [{ term: { "ethereum.status": "missed" } }, 'ethereum.status:"missed"'],
  [{ term: { "ethereum.late": { value: true } } }, "ethereum.late:true"],
  [{ term: { message: 'a "b" \\' } }, 'message:"a \\"b\\" \\\\"'],
  [{ term: { "ethereum.offset": -3 } }, 'ethereum.offset:"-3"'],
  [{ terms: { "log.level": ["error", "fatal"] } }, 'log.level:("error" OR "fatal")'],
  [{ exists: { field: "error.type" } }, "_exists_:error.type"],
  [{ range: { "ethereum.slot": { gte: 3, lt: 7 } } }, "ethereum.slot:[3 TO 7}"],
  [{ range: { "ethereum.slot": { gt: 3 } } }, "ethereum.slot:{3 TO *}"],
  [{ regexp: { url: "a/b.*" } }, "url:/a\\/b.*/"],
  [{ term: { "a b": 1 } }, "a\\ b:1"],
  [{ bool: { must_not: [{ term: { x: 1 } }] } }, "(*:* AND NOT x:1)"],
  [{ bool: { filter: { term: { x: 1 } }, must: [{ term: { y: 2 } }] } }, "(y:2 AND x:1)"],
  [{ bool: { should: [{ term: { x: 1 } }, { term: { y: 2 } }], minimum_should_match: 1 } }, "(x:1 OR y:2)"],
  [{ bool: { must: [{ term: { x: 1 } }], should: [{ term: { y: 2 } }] } }, "x:1"],
  [{ bool: {} }, "*:*"],
  [{ query_string: { query: "peer lost" } }, "(peer lost)"],
  [{ query_string: { query: "peer lost", default_operator: "or", analyze_wildcard: true } }, "(peer lost)"],
  [{ query_string: { query: "peer lost", default_operator: "AND" } }, "(+peer +lost)"],
  [{ query_string: { query: "level:error node:n1-lh", default_operator: "and" } }, '(+level:error +node:"n1-lh")'],
  [{ query_string: { query: "a OR b NOT c", default_operator: "AND" } }, "(a b -c)"],
  [{ query_string: { query: "NOT (a b)", default_operator: "AND" } }, "(+*:* -(+a +b))"],
  [{ query_string: { query: "m:(a b) /x\\/y/", default_operator: "AND" } }, "(+(+m:a +m:b) +/x\\/y/)"],
  [
    { query_string: { query: 'n:>=5 n:[1 TO 3} "a b" x*', default_operator: "AND" } },
    '(+n:["5" TO *] +n:["1" TO "3"} +"a b" +x*)',
  ],
])("%j is %s", (query, text) => {
  expect(luceneOf(query)).toBe(text);
});

test.each([
  [{ script: {} }, "the query script"],
  [{ bool: { must: [{ nested: { path: "a" } }] } }, "the query nested"],
  [{ bool: { should: [{ term: { x: 1 } }], minimum_should_match: 2 } }, "minimum_should_match"],
  [{ range: { x: { gte: 1, time_zone: "+01:00" } } }, "time_zone"],
  [{ query_string: { query: "a", default_field: "message" } }, "the option default_field of query_string"],
  [{ query_string: { query: "a~ b", default_operator: "AND" } }, "its query_string cannot be read"],
])("%j has no form, and it is said why", (query, words) => {
  expect(luceneOf(query)).toEqual({ unmapped: expect.stringContaining(words) });
});

test("what is missing of several is left out", () => {
  expect(both(undefined, "a:1", "", "b:2")).toBe("a:1 AND b:2");
  expect(both()).toBe("");
});
