import { describe, expect, test } from "vitest";
import { shippedContent } from "../../../test/rigs/export-content.ts";
import { type Panel, panelSchema } from "../../panels/panel.ts";
import { exportObjects } from "./export-objects.ts";
import { lineOf, type SavedObject, savedObjectSchema } from "./saved-objects.ts";
import { TARGETS, type Target } from "./target.ts";

const exported = (target: Target, content = shippedContent()) => exportObjects({ content, target, theme: "light" });

describe.each(TARGETS)("the objects for %s", (target) => {
  const { objects } = exported(target);

  test("have each attribute that the target lists, and no other", () => {
    const schema = savedObjectSchema(target);
    for (const object of objects) {
      const checked = schema.safeParse(JSON.parse(lineOf(target, object)));
      expect(checked.error?.issues ?? [], object.id).toEqual([]);
    }
  });

  test("are a data view for each pattern, all panels, dashboards and searches, each with an id of its own", () => {
    const { panels, dashboards } = shippedContent();
    const ids = objects.map(({ type, id }) => `${type} ${id}`);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { id } of panels) expect(ids).toContain(`visualization ethmon-testnet-panel-${id}`);
    for (const { id } of dashboards) expect(ids).toContain(`dashboard ethmon-testnet-dashboard-${id}`);
    expect(ids).toContain("search ethmon-testnet-search-late-on-one");
    expect(ids).toContain("search ethmon-testnet-documents-reorgs-newest");
    expect(objects.find(({ type }) => type === "index-pattern")?.attributes["title"]).not.toMatch(/[{}]/);
  });

  test("refer to each other alone, by each name that stands in them and no further one", () => {
    const ids = new Set(objects.map(({ type, id }) => `${type} ${id}`));
    for (const object of objects) {
      for (const { type, id } of object.references) expect(ids, object.id).toContain(`${type} ${id}`);
      expect(object.references.map(({ name }) => name).sort(), object.id).toEqual(namesIn(object).sort());
    }
  });

  test("come after those that they refer to", () => {
    const seen = new Set<string>();
    for (const { type, id, references } of objects) {
      for (const one of references) expect(seen, id).toContain(`${one.type} ${one.id}`);
      seen.add(`${type} ${id}`);
    }
  });

  test("are the same in a second export", () => {
    expect(exported(target).objects).toEqual(objects);
  });

  test("have panels that do not overlap, in a grid of 48 columns", () => {
    for (const object of objects.filter(({ type }) => type === "dashboard")) {
      const taken = new Set<string>();
      for (const { gridData } of panelsOf(object)) {
        const { x, y, w, h } = gridData;
        expect(x + w).toBeLessThanOrEqual(48);
        for (let row = y; row < y + h; row += 1)
          for (let column = x; column < x + w; column += 1) {
            expect(taken.has(`${column} ${row}`), object.id).toBe(false);
            taken.add(`${column} ${row}`);
          }
      }
    }
  });

  test("have a Vega specification of Vega-Lite 5 whose request has either context or a query", () => {
    for (const { id, attributes } of objects.filter(({ type }) => type === "visualization")) {
      const state = JSON.parse(String(attributes["visState"]));
      if (state.type === "input_control_vis") continue;
      expect(state.type).toBe("vega");
      const { $schema, data, params, width } = JSON.parse(state.params.spec);
      expect($schema).toBe("https://vega.github.io/schema/vega-lite/v5.json");
      expect(width).toBeUndefined();
      expect(params).toContainEqual({ name: "slot_ms", value: 6000 });
      const { body, index, "%context%": context, "%timefield%": timeField } = data.url;
      expect(index).not.toMatch(/[{}]/);
      const hasContext = context !== undefined || timeField !== undefined;
      expect(hasContext, id).toBe(body.query === undefined);
      expect(JSON.stringify(body)).not.toContain('"fixed_interval":{');
    }
  });
});

test("a dashboard of Kibana has its controls above, and one of OpenSearch Dashboards among its panels", () => {
  const dashboard = (target: Target) =>
    exported(target).objects.find(({ id }) => id === "ethmon-testnet-dashboard-local-node") as SavedObject;
  const { controlGroupInput } = dashboard("kibana-9").attributes as { controlGroupInput: { panelsJSON: string } };
  expect(Object.values(JSON.parse(controlGroupInput.panelsJSON))).toMatchObject([
    { type: "optionsListControl", explicitInput: { fieldName: "observer.name", title: "Node" } },
  ]);
  const fork = dashboard("opensearch-dashboards-3");
  expect(fork.attributes["controlGroupInput"]).toBeUndefined();
  expect(fork.references[0]?.id).toBe("ethmon-testnet-controls-local-node");
  expect(panelsOf(fork)[0]?.gridData).toMatchObject({ x: 0, y: 0, w: 48 });
});

test("a variable that has no control is told, where a panel could follow it", () => {
  const content = shippedContent();
  const [known] = content.dashboards;
  const reason = "it has no control for client: with one, fewer of its panels could follow its filters.";
  expect(exported("kibana-9").remarks).toContainEqual({ kind: "dashboard", id: "participation", reason });
  const grid = [{ panel: "base-fee", x: 0, y: 0, w: 24, h: 10 }];
  const dashboards = known === undefined ? [] : [{ ...known, variables: ["node" as const], grid }];
  expect(exported("kibana-9", { ...content, dashboards }).remarks).toEqual([]);
});

test("what has no form there is left out by name, also from its dashboard", () => {
  const content = shippedContent();
  const [first] = content.panels;
  const odd: Panel = panelSchema.parse({
    ...first,
    id: "odd",
    request: { index: "a-*", body: { post_filter: { range: { "@timestamp": { "%timefilter%": true } } } } },
  });
  const grid = [
    { panel: "odd", x: 0, y: 0, w: 24, h: 10 },
    { panel: "gone", x: 24, y: 0, w: 24, h: 10 },
    { panel: "base-fee", x: 0, y: 10, w: 24, h: 10 },
  ];
  const [known] = content.dashboards;
  const dashboards = known === undefined ? [] : [{ ...known, id: "mine", grid }];
  const { objects, remarks } = exported("kibana-9", { ...content, panels: [...content.panels, odd], dashboards });
  expect(remarks).toEqual([
    {
      kind: "panel",
      id: "odd",
      reason: "%timefilter% in post_filter is filled in query and aggs alone; it is left out.",
    },
    { kind: "dashboard", id: "mine", reason: "its panel gone is no more." },
  ]);
  expect(objects.some(({ id }) => id.endsWith("-odd"))).toBe(false);
  const mine = objects.find(({ id }) => id === "ethmon-testnet-dashboard-mine") as SavedObject;
  expect(mine.references.map(({ id }) => id)).toEqual(["ethmon-testnet-panel-base-fee"]);
});

test("the words of a saved search are all wanted there, too", () => {
  const [known] = shippedContent().searches;
  const search = (query_string: string) => {
    const searches = known === undefined ? [] : [{ ...known, query_string }];
    const { objects } = exported("kibana-9", shippedContent({ searches }));
    const object = objects.find(({ id }) => id === "ethmon-testnet-search-late-on-one") as SavedObject;
    const meta = object.attributes["kibanaSavedObjectMeta"] as { searchSourceJSON: string };
    return JSON.parse(meta.searchSourceJSON);
  };
  const { query, filter } = search(" peer lost ");
  expect(query).toEqual({ query: "", language: "lucene" });
  expect(filter[0]).toMatchObject({
    meta: { alias: "peer lost", type: "custom", negate: false },
    query: { query_string: { query: "peer lost", default_operator: "AND" } },
  });
  const names = filter.map(({ meta }: { meta: { indexRefName: string } }) => meta.indexRefName);
  expect(new Set(names).size).toBe(3);
  expect(search(" ").filter).toHaveLength(2);
});

test("an attribute that the target does not list is refused", () => {
  const target = "kibana-8";
  const dashboard = exported(target).objects.findLast(({ type }) => type === "dashboard") as SavedObject;
  const line = (attributes: object) =>
    savedObjectSchema(target).safeParse(
      JSON.parse(lineOf(target, { ...dashboard, attributes: { ...dashboard.attributes, ...attributes } })),
    ).success;
  expect(line({})).toBe(true);
  expect(line({ projectRouting: "x" })).toBe(false);
  expect(line({ panelsJSON: "[" })).toBe(false);
});

type PanelOfDashboard = {
  panelRefName: string;
  panelIndex: string;
  gridData: { x: number; y: number; w: number; h: number };
};

function panelsOf({ attributes }: SavedObject): PanelOfDashboard[] {
  return JSON.parse(String(attributes["panelsJSON"]));
}

/** The names of references that an object's own JSON leads to. */
function namesIn({ type, attributes, references }: SavedObject): string[] {
  if (type === "dashboard") {
    const isKibana = references.some(({ name }) => name.includes(":panel_"));
    const group = attributes["controlGroupInput"] as { panelsJSON: string } | undefined;
    return [
      ...panelsOf({ attributes } as SavedObject).map(({ panelIndex, panelRefName }) =>
        isKibana ? `${panelIndex}:${panelRefName}` : panelRefName,
      ),
      ...Object.keys(JSON.parse(group?.panelsJSON ?? "{}")).map((id) => `controlGroup_${id}:optionsListDataView`),
    ];
  }
  const source = (attributes["kibanaSavedObjectMeta"] as { searchSourceJSON: string } | undefined)?.searchSourceJSON;
  const texts = [source ?? "", type === "visualization" ? String(attributes["visState"]) : ""];
  return texts.flatMap((text) =>
    [...text.matchAll(/"index(?:Pattern)?RefName":"([^"]+)"/g)].map(([, name = ""]) => name),
  );
}
