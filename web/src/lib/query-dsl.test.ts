import { expect, test } from "vitest";
import { queryText, slotQuery } from "./query-dsl.ts";

test("the query of a slot names the network's indices and finds by the slot alone", () => {
  const query = slotQuery("mainnet", 9876543);
  expect(query.pattern.split(",")).toContain("logs-ethereum.*-mainnet");
  expect(query.body.query).toEqual({ bool: { filter: [{ term: { "ethereum.slot": 9876543 } }] } });
  expect(JSON.parse(queryText(query))).toEqual(query.body);
});
