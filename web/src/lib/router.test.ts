import fc from "fast-check";
import { expect, test } from "vitest";
import {
  dashboardEditPath,
  dashboardPath,
  groupPath,
  nodePath,
  panelEditPath,
  parseRoute,
  reorgPath,
  slotPath,
  withQuery,
} from "./router.ts";

test("paths name their screens, anything else is not found", () => {
  expect(parseRoute("/")).toEqual({ page: "live" });
  expect(parseRoute("/slot/9876543")).toEqual({ page: "slot", slot: 9876543 });
  expect(parseRoute("/slot/9876543/")).toEqual({ page: "slot", slot: 9876543 });
  expect(parseRoute("/participation")).toEqual({ page: "participation" });
  expect(parseRoute("/blocks/")).toEqual({ page: "blocks" });
  expect(parseRoute("/nodes/")).toEqual({ page: "nodes" });
  expect(parseRoute("/validators/")).toEqual({ page: "validators", group: undefined });
  expect(parseRoute("/latency")).toEqual({ page: "latency" });
  expect(parseRoute("/reorgs")).toEqual({ page: "reorgs", id: undefined });
  for (const path of ["/nodes/a/b", "/nodes/%", "/reorgs/12", "/reorgs/0x"]) {
    expect(parseRoute(path)).toEqual({ page: "not_found", path });
  }
  for (const path of ["/slot/", "/slot/-1", "/slot/1e3", "/slot/0x10", "/slots/1", "/slot/99999999999999999999"]) {
    expect(parseRoute(path)).toEqual({ page: "not_found", path });
  }
});

test("dashboards, panels and searches have their paths, and 'new' is no id of any", () => {
  expect(parseRoute("/dashboards")).toEqual({ page: "dashboards" });
  expect(parseRoute("/dashboards/new")).toEqual({ page: "dashboard_edit", id: undefined });
  expect(parseRoute(dashboardPath("network-health"))).toEqual({ page: "dashboard", id: "network-health" });
  expect(parseRoute(dashboardEditPath("network-health"))).toEqual({ page: "dashboard_edit", id: "network-health" });
  expect(parseRoute(panelEditPath("late-slots"))).toEqual({ page: "panel_edit", id: "late-slots" });
  expect(parseRoute("/panels/new")).toEqual({ page: "panel_edit", id: undefined });
  expect(parseRoute("/explore/")).toEqual({ page: "explore" });
  expect(parseRoute("/explore/sql")).toEqual({ page: "sql" });
  for (const path of ["/dashboards/Network", "/dashboards/a/b", "/dashboards/a--b", "/panels/a", "/explore/x"]) {
    expect(parseRoute(path)).toEqual({ page: "not_found", path });
  }
});

test("every slot's path leads back to the slot", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 999_999_999_999_999 }), (slot) => {
      expect(parseRoute(slotPath(slot))).toEqual({ page: "slot", slot });
    }),
  );
});

test("every node's, group's and reorg's path leads back to it, whatever the node is called", () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1, unit: "binary" }), (name) => {
      fc.pre(name.isWellFormed());
      expect(parseRoute(nodePath(name))).toEqual({ page: "node", name });
    }),
  );
  expect(parseRoute(groupPath("home.1"))).toEqual({ page: "validators", group: "home.1" });
  const id = `0x${"ab".repeat(32)}`;
  expect(parseRoute(reorgPath(id))).toEqual({ page: "reorgs", id });
});

test("a change of the query keeps the other keys and drops the undefined ones", () => {
  const location = { path: "/slot/7", query: new URLSearchParams("node=n1&topic=head") };
  expect(withQuery(location, { node: "n 2" })).toBe("/slot/7?node=n+2&topic=head");
  expect(withQuery(location, { node: undefined, topic: undefined })).toBe("/slot/7");
});
