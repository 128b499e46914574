import { expect, test } from "vitest";
import { clientMark } from "./client-palette.ts";
import { nodeColours } from "./node-colours.ts";

test("clients have their own colours, and nodes of one client differ from each other and from other clients", () => {
  const colours = nodeColours([
    { name: "b", client: "lighthouse" },
    { name: "a", client: "lighthouse" },
    { name: "c", client: "teku" },
    { name: "d", client: null },
  ]);
  expect(colours["lighthouse"]).toBe(clientMark("lighthouse").colour);
  expect(colours["a"]).toBe(clientMark("lighthouse").colour);
  expect(colours["c"]).toBe(clientMark("teku").colour);
  const nodes = ["a", "b", "c", "d"].map((name) => colours[name]);
  expect(new Set(nodes).size).toBe(4);
});
