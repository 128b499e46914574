import { type Dashboard, GRID_COLUMNS } from "../../panels/panel.ts";
import type { Control } from "./controls.ts";
import type { ObjectIds } from "./object-ids.ts";
import type { Reference, SavedObject } from "./saved-objects.ts";
import { factsOf, type Target } from "./target.ts";
import { indexOf } from "./vega-request.ts";

type Input = {
  target: Target;
  dashboard: Dashboard;
  network: string;
  controls: readonly Control[];
  /** Panels that were exported; a place of another stays empty. */
  exported: ReadonlyMap<string, unknown>;
  ids: ObjectIds;
};

type Placed = { id: string; x: number; y: number; w: number; h: number };

const CONTROLS_HEIGHT = 6;
/** Of a panel within a dashboard of OpenSearch Dashboards: the newest form that it does not rewrite. */
const PANEL_VERSION_OF_FORK = "7.9.3";

/** A dashboard; its grid has the 48 columns that it has here. */
export function dashboardObject(input: Input): SavedObject {
  const { target, dashboard, network, controls, ids } = input;
  const facts = factsOf(target);
  const isKibana = facts.family === "kibana";
  const places = placesOf(input, !isKibana && controls.length > 0);
  const group = isKibana && controls.length > 0 ? controlGroup(controls, facts.hasApplySelections) : undefined;
  const options = isKibana
    ? { useMargins: true, syncColors: false, syncCursor: true, syncTooltips: false, hidePanelTitles: false }
    : { useMargins: true, hidePanelTitles: false };
  return {
    type: "dashboard",
    id: ids.dashboard(dashboard.id),
    attributes: {
      title: dashboardTitle(dashboard, network),
      description: dashboard.description,
      ...(isKibana ? {} : { hits: 0, version: 1 }),
      timeRestore: true,
      timeFrom: dashboard.time.from,
      timeTo: dashboard.time.to,
      refreshInterval: { pause: dashboard.refresh_s === 0, value: dashboard.refresh_s * 1000 },
      panelsJSON: JSON.stringify(places.map((place, at) => panelOf(place, { at, isKibana }))),
      optionsJSON: JSON.stringify(options),
      kibanaSavedObjectMeta: {
        searchSourceJSON: JSON.stringify({ query: { query: "", language: "kuery" }, filter: [] }),
      },
      ...(group === undefined ? {} : { controlGroupInput: group }),
    },
    references: [
      ...places.map(({ id }, at): Reference => {
        const name = isKibana ? `${indexAt(at)}:panel_${indexAt(at)}` : `panel_${at}`;
        return { id, name, type: "visualization" };
      }),
      ...(group === undefined ? [] : controls.map((control) => controlReference({ control, network, ids }))),
    ],
  };
}

/** Several networks' dashboards stand in one list. */
export function dashboardTitle({ title }: Pick<Dashboard, "title">, network: string): string {
  return `Ethereum ${network}: ${title}`;
}

function placesOf({ dashboard, exported, ids }: Input, hasControlPanel: boolean): Placed[] {
  const down = hasControlPanel ? CONTROLS_HEIGHT : 0;
  const panels = dashboard.grid.flatMap(({ panel, x, y, w, h }) =>
    exported.has(panel) ? [{ id: ids.panel(panel), x, y: y + down, w, h }] : [],
  );
  return hasControlPanel
    ? [{ id: ids.controls(dashboard.id), x: 0, y: 0, w: GRID_COLUMNS, h: CONTROLS_HEIGHT }, ...panels]
    : panels;
}

function panelOf({ x, y, w, h }: Placed, { at, isKibana }: { at: number; isKibana: boolean }) {
  const index = indexAt(at);
  const gridData = { x, y, w, h, i: index };
  return isKibana
    ? {
        type: "visualization",
        gridData,
        panelIndex: index,
        embeddableConfig: { enhancements: {} },
        panelRefName: `panel_${index}`,
      }
    : {
        version: PANEL_VERSION_OF_FORK,
        gridData,
        panelIndex: index,
        embeddableConfig: {},
        panelRefName: `panel_${at}`,
      };
}

function indexAt(at: number): string {
  return String(at + 1);
}

function controlGroup(controls: readonly Control[], hasApplySelections: boolean) {
  const panels = Object.fromEntries(
    controls.map(({ variable, field, label }, order) => [
      variable,
      {
        type: "optionsListControl",
        order,
        grow: true,
        width: "medium",
        explicitInput: { id: variable, fieldName: field, title: label, selectedOptions: [], enhancements: {} },
      },
    ]),
  );
  const ignored = { ignoreFilters: false, ignoreQuery: false, ignoreTimerange: false, ignoreValidations: false };
  return {
    controlStyle: "oneLine",
    chainingSystem: "HIERARCHICAL",
    panelsJSON: JSON.stringify(panels),
    ignoreParentSettingsJSON: JSON.stringify(ignored),
    ...(hasApplySelections ? { showApplySelections: false } : {}),
  };
}

function controlReference(input: { control: Control; network: string; ids: ObjectIds }): Reference {
  const { control, network, ids } = input;
  const pattern = indexOf({ request: { index: control.index, body: {} } }, network);
  return {
    id: ids.dataView(pattern),
    name: `controlGroup_${control.variable}:optionsListDataView`,
    type: "index-pattern",
  };
}
