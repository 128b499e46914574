import { expect, test } from "vitest";
import { type Dashboard, dashboardSchema, type Panel, panelSchema } from "../../panels/panel.ts";
import { chooseControls } from "./controls.ts";

const panel = (id: string, variables: Panel["variables"]): Panel =>
  panelSchema.parse({
    id,
    title: id,
    description: "A panel.",
    request: { index: `${id}-*`, body: {} },
    variables,
    view: { kind: "metric", value: "hits.total.value", format: "integer" },
  });
const NODE = { node: "observer.name" };
const BOTH = { ...NODE, client: "observer.product" };

function chosen(panels: readonly Panel[], more: Partial<Dashboard> = {}) {
  const grid = panels.map(({ id }, at) => ({ panel: id, x: 0, y: 10 * at, w: 48, h: 10 }));
  const dashboard = dashboardSchema.parse({
    id: "all",
    title: "All",
    description: "All.",
    variables: ["network", "node", "client", "group"],
    grid,
    ...more,
  });
  const controls = chooseControls([dashboard], new Map(panels.map((one) => [one.id, one])));
  return {
    fields: controls.of("all").map(({ field }) => field),
    following: panels.map(({ id }) => id).filter(controls.follows),
  };
}

test("a dashboard has those controls with which most panels are narrowed", () => {
  expect(chosen([panel("a", BOTH), panel("b", NODE)])).toEqual({ fields: ["observer.name"], following: ["a", "b"] });
});

test("of equals, the more controls", () => {
  expect(chosen([panel("a", BOTH), panel("b", {})])).toEqual({
    fields: ["observer.name", "observer.product"],
    following: ["a"],
  });
});

test("a variable that panels know by two fields has the field of the most", () => {
  const [one, other] = [{ group: "ethereum.part.name" }, { group: "ethereum.validator.group" }];
  expect(chosen([panel("a", one), panel("b", other), panel("c", other)])).toEqual({
    fields: ["ethereum.validator.group"],
    following: ["b", "c"],
  });
});

test("without a panel that a variable narrows there is no control, and all follow the filters", () => {
  expect(chosen([panel("a", {}), panel("b", {})])).toEqual({ fields: [], following: ["a", "b"] });
  expect(chosen([panel("a", { network: "ethereum.network" })]).fields).toEqual([]);
});

test("a variable that the dashboard does not have is no control", () => {
  expect(chosen([panel("a", BOTH)], { variables: ["client"] }).fields).toEqual(["observer.product"]);
});
