import type { Json } from "../../events/document.ts";
import type { Panel } from "../../panels/panel.ts";
import type { Theme } from "../../panels/vega-config.ts";
import type { ExportedNetwork } from "../content.ts";
import type { Control } from "./controls.ts";
import type { ObjectIds } from "./object-ids.ts";
import type { Reference, SavedObject } from "./saved-objects.ts";
import { indexOf } from "./vega-request.ts";
import { kibanaSpec } from "./vega-spec.ts";

const NO_SEARCH = { searchSourceJSON: JSON.stringify({ query: { query: "", language: "kuery" }, filter: [] }) };

/** A panel as a visualization of the type Vega. */
export function panelObject(input: {
  panel: Panel;
  network: ExportedNetwork;
  follows: boolean;
  theme: Theme;
  ids: ObjectIds;
}): SavedObject {
  const { panel, ids } = input;
  const params = { spec: JSON.stringify(kibanaSpec(input), null, 2) };
  return visualization({
    id: ids.panel(panel.id),
    title: panel.title,
    description: panel.description,
    state: { title: panel.title, type: "vega", aggs: [], params },
  });
}

/** The controls of a dashboard in OpenSearch Dashboards, which has them as a visualization among the panels. */
export function controlsObject(input: {
  id: string;
  title: string;
  controls: readonly Control[];
  network: string;
  ids: ObjectIds;
}): SavedObject {
  const { id, title, controls, network, ids } = input;
  const references: Reference[] = controls.map((control, at) => ({
    id: ids.dataView(indexOf({ request: { index: control.index, body: {} } }, network)),
    name: `control_${at}_index_pattern`,
    type: "index-pattern",
  }));
  const params = {
    controls: controls.map(({ variable, field, label }, at) => ({
      id: variable,
      fieldName: field,
      parent: "",
      label,
      type: "list",
      options: { type: "terms", multiselect: true, dynamicOptions: true, size: 100, order: "desc" },
      indexPatternRefName: `control_${at}_index_pattern`,
    })),
    updateFiltersOnChange: true,
    useTimeFilter: true,
    pinFilters: false,
  };
  const description = "Narrows the panels that have the field; the others show all.";
  const state = { title, type: "input_control_vis", aggs: [], params };
  return visualization({ id, title, description, state, references });
}

function visualization(input: {
  id: string;
  title: string;
  description: string;
  state: Json;
  references?: readonly Reference[];
}): SavedObject {
  const { id, title, description, state, references = [] } = input;
  return {
    type: "visualization",
    id,
    attributes: {
      title,
      description,
      visState: JSON.stringify(state),
      uiStateJSON: "{}",
      version: 1,
      kibanaSavedObjectMeta: NO_SEARCH,
    },
    references,
  };
}
