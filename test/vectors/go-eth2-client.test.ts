import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { accepted } from "./accepted.ts";
import { leftOut, readers } from "./readers.ts";
import { parsed, readVectors, type Vector } from "./vectors.ts";

const vectors = readVectors();
const objects = [...new Set(vectors.map(({ object }) => object))];
const acceptedNames = Object.values(accepted).flat();

/** What each reader of the vector's object says against it: one entry a reader, undefined where it was read. */
function verdicts(vector: Vector): (string | undefined)[] {
  const json = parsed(vector);
  return (readers[vector.object] ?? []).map((read) => (json === undefined ? "is not JSON" : read(json.value)));
}

const namesOf = (chosen: readonly Vector[]) => [...new Set(chosen.map(({ name }) => name))].sort();

describe("the vectors of go-eth2-client", () => {
  test("are all there", () => {
    expect(vectors).toHaveLength(1329);
    // Those that must be read are 140 by their file, of which 12 say "Invalid" by their names.
    expect(vectors.filter(({ mustBeRead }) => mustBeRead)).toHaveLength(128);
  });

  test("are of objects that are read, or that are left out for a written reason, and not both", () => {
    expect(objects.filter((object) => readers[object] === undefined && leftOut[object] === undefined)).toEqual([]);
    expect(objects.filter((object) => readers[object] !== undefined && leftOut[object] !== undefined)).toEqual([]);
    expect([...Object.keys(readers), ...Object.keys(leftOut)].filter((object) => !objects.includes(object))).toEqual(
      [],
    );
    for (const [object, reason] of Object.entries(leftOut)) expect(reason.length, object).toBeGreaterThan(30);
  });

  test.each(objects.filter((object) => readers[object] !== undefined))("every valid one of %s is read", (object) => {
    const valid = vectors.filter((vector) => vector.object === object && vector.mustBeRead);
    expect(valid.length).toBeGreaterThan(0);
    for (const vector of valid)
      expect([vector.name, ...verdicts(vector)]).toEqual([vector.name, ...nothingAgainst(object)]);
  });

  test("the invalid ones that are read all the same are exactly those that are named", () => {
    const read = vectors.filter((vector) => !vector.mustBeRead && verdicts(vector).includes(undefined));
    expect(namesOf(read)).toEqual([...acceptedNames].sort());
    expect(read).toHaveLength(acceptedNames.length);
  });

  test("every other invalid one is refused in words of ours", () => {
    const others = vectors.filter(({ mustBeRead, name }) => !mustBeRead && !acceptedNames.includes(name));
    const refusals = others.flatMap((vector) => verdicts(vector).map((words) => ({ name: vector.name, words })));
    expect(refusals.length).toBeGreaterThan(900);
    for (const { name, words } of refusals) {
      expect(words, name).toMatch(/ (?:is|are|has|have|does not fit)\b|^is not JSON$|in a form that|no dataset reads/);
      // The schema library's own words are for programmers.
      expect(words, name).not.toMatch(/^Invalid|expected|received/);
    }
  });
});

test("the record of decisions has a heading and a reason for each class of invalid vectors that are read", () => {
  const folder = new URL("../../docs/decisions/", import.meta.url);
  const name = readdirSync(folder).find((file) => file.endsWith("-a-monitor-reads-more-than-a-validator.md"));
  const text = readFileSync(new URL(name ?? "", folder), "utf8");
  const headings = [...text.matchAll(/^\*\*(.+)\.\*\* (.+)/gm)];
  expect(headings.map(([, heading]) => heading)).toEqual(Object.keys(accepted));
  for (const [, heading, reason = ""] of headings) expect(reason.length, heading).toBeGreaterThan(60);
  const read = vectors.filter(({ object }) => readers[object] !== undefined);
  const invalid = read.filter(({ mustBeRead }) => !mustBeRead);
  for (const count of [vectors.length, read.length, invalid.length, acceptedNames.length]) {
    expect(text).toContain(` ${count.toLocaleString("en-US")} `);
  }
});

function nothingAgainst(object: string): undefined[] {
  return (readers[object] ?? []).map(() => undefined);
}
