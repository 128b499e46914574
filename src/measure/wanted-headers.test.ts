import { expect, test } from "vitest";
import { createWantedHeaders } from "./wanted-headers.ts";

test("a root is wanted from every node that told of it, from each once", () => {
  const headers = createWantedHeaders();
  for (const node of ["n1", "n2", "n1"]) headers.want("a", node);
  headers.want("b", "n1");
  expect(headers.taken()).toEqual([
    { root: "a", nodes: ["n1", "n2"] },
    { root: "b", nodes: ["n1"] },
  ]);
  headers.want("a", "n1");
  headers.want("a", "n3");
  expect(headers.taken()).toEqual([{ root: "a", nodes: ["n3"] }]);
  expect(headers.taken()).toEqual([]);
});

test("once the header came nobody is asked for it", () => {
  const headers = createWantedHeaders();
  headers.want("a", "n1");
  headers.answered("a");
  expect(headers.taken()).toEqual([]);
});

test("its memory is bounded: of very many the oldest may be asked again", () => {
  const headers = createWantedHeaders();
  for (let index = 0; index < 40_000; index += 1) headers.want(String(index), "n1");
  expect(headers.taken()).toHaveLength(40_000);
  headers.want("39999", "n1");
  headers.want("0", "n1");
  expect(headers.taken()).toEqual([{ root: "0", nodes: ["n1"] }]);
});
