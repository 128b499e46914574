import type { Panel } from "../../panels/panel.ts";
import type { Theme } from "../../panels/vega-config.ts";
import type { Content, Remark } from "../content.ts";
import { chooseControls } from "./controls.ts";
import { dashboardObject, dashboardTitle } from "./dashboard-object.ts";
import { dataViewObject } from "./data-view.ts";
import { objectIds } from "./object-ids.ts";
import type { SavedObject } from "./saved-objects.ts";
import { documentsObject, searchObject } from "./search-object.ts";
import { factsOf, type Target } from "./target.ts";
import { unsayablePath } from "./unsayable-path.ts";
import { indexOf, unfilledPlaceholder } from "./vega-request.ts";
import { controlsObject, panelObject } from "./visualizations.ts";

export type ExportedObjects = { objects: readonly SavedObject[]; remarks: readonly Remark[] };

/**
 * All saved objects of a content for a target: data views first, then what refers to them, dashboards last. What has no
 * form there is left out by name.
 */
export function exportObjects(input: { content: Content; target: Target; theme: Theme }): ExportedObjects {
  const { content, target, theme } = input;
  const { network, dashboards, searches } = content;
  const ids = objectIds(network.name);
  const remarks: Remark[] = [];
  const panels = content.panels.filter((panel) => {
    const reason = unfilledPlaceholder(panel) ?? unsayablePath(panel);
    if (reason !== undefined) remarks.push({ kind: "panel", id: panel.id, reason: `${reason}; it is left out.` });
    return reason === undefined;
  });
  const exported = new Map(panels.map((panel) => [panel.id, panel]));
  const controls = chooseControls(dashboards, exported);
  const known = new Set(content.panels.map(({ id }) => id));

  for (const { id, variables, grid } of dashboards) {
    const chosen = controls.of(id).map(({ variable }) => variable);
    const left = variables.filter(
      (variable) =>
        variable !== "network" &&
        !chosen.includes(variable) &&
        grid.some(({ panel }) => exported.get(panel)?.variables[variable] !== undefined),
    );
    if (left.length > 0) {
      const reason = `it has no control for ${left.join(" and ")}: with one, fewer of its panels could follow its filters.`;
      remarks.push({ kind: "dashboard", id, reason });
    }
    for (const { panel } of grid)
      if (!known.has(panel)) remarks.push({ kind: "dashboard", id, reason: `its panel ${panel} is no more.` });
  }

  const isFork = factsOf(target).family === "opensearch-dashboards";
  const objects = [
    ...dataViews(content, panels).map(([pattern, timeField]) =>
      dataViewObject({ target, id: ids.dataView(pattern), pattern, timeField }),
    ),
    ...panels.map((panel) => panelObject({ panel, network, follows: controls.follows(panel.id), theme, ids })),
    ...panels.flatMap((panel) => {
      const place = { target, id: ids.documents(panel.id), dataViewId: ids.dataView(indexOf(panel, network.name)) };
      return documentsObject({ ...place, panel, network: network.name }) ?? [];
    }),
    ...searches.map((search) =>
      searchObject({ target, id: ids.search(search.id), dataViewId: ids.dataView(search.index), search }),
    ),
    ...dashboards.flatMap((dashboard) =>
      isFork && controls.of(dashboard.id).length > 0
        ? [
            controlsObject({
              id: ids.controls(dashboard.id),
              title: `${dashboardTitle(dashboard, network.name)}: controls`,
              controls: controls.of(dashboard.id),
              network: network.name,
              ids,
            }),
          ]
        : [],
    ),
    ...dashboards.map((dashboard) =>
      dashboardObject({
        target,
        dashboard,
        network: network.name,
        controls: controls.of(dashboard.id),
        exported,
        ids,
      }),
    ),
  ];
  return { objects, remarks };
}

/** Each index pattern once, with the time field of those that use it. */
function dataViews({ network, searches }: Content, panels: readonly Panel[]): [string, string | undefined][] {
  const views = new Map<string, string | undefined>();
  for (const panel of panels) {
    const pattern = indexOf(panel, network.name);
    views.set(pattern, views.get(pattern) ?? panel.time_field);
  }
  // Of a search's index no field is known here; every document of ours and of ECS has this one.
  for (const { index } of searches) if (!views.has(index)) views.set(index, "@timestamp");
  return [...views];
}
