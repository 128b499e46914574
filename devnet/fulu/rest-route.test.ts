import { expect, test } from "vitest";
import { route } from "./rest-route.ts";

const answered = route("/eth/v1/beacon/headers/{id}", ({ params, query }) => ({
  status: 200,
  body: { ...params, query: query.toString() },
}));

test("a route takes its own paths alone, with the names in braces", () => {
  const query = new URLSearchParams({ a: "1" });
  expect(answered("/eth/v1/beacon/headers/0xaa%2F", query)).toEqual({
    status: 200,
    body: { id: "0xaa/", query: "a=1" },
  });
  for (const path of ["/eth/v1/beacon/headers", "/eth/v1/beacon/headers/1/root", "/eth/v2/beacon/headers/1"]) {
    expect(answered(path, query)).toBeUndefined();
  }
});
