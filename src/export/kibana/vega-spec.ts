import type { Json } from "../../events/document.ts";
import { chainParams, colourParams, withSlotAxes } from "../../panels/complete-spec.ts";
import type { Panel } from "../../panels/panel.ts";
import { type Theme, vegaConfig } from "../../panels/vega-config.ts";
import type { ExportedNetwork } from "../content.ts";
import { metricSpec } from "./metric-spec.ts";
import { tableSpec } from "./table-spec.ts";
import { vegaRequest } from "./vega-request.ts";

export type VegaSpec = { readonly [part: string]: Json };

type Input = {
  panel: Panel;
  network: ExportedNetwork;
  /** Whether the dashboard's filters reach the panel. */
  follows: boolean;
  theme: Theme;
};

/** Kibana 8 and OpenSearch Dashboards 2 have Vega-Lite 5, and the newer ones read it, too. */
const SCHEMA = "https://vega.github.io/schema/vega-lite/v5.json";

/**
 * A panel as a Vega-Lite specification that Kibana asks its data for. Width and height are left out: Kibana fills the
 * panel, and warns where they stand.
 */
export function kibanaSpec({ panel, network, follows, theme }: Input): VegaSpec {
  const { view } = panel;
  const { params = [], ...spec } = drawn(panel);
  const url = vegaRequest({ panel, network: network.name, follows });
  return {
    $schema: SCHEMA,
    autosize: { type: "fit", contains: "padding" },
    ...spec,
    data: {
      name: "rows",
      url: url as unknown as Json,
      // A number may come from anywhere in the answer: the answer itself is then the only row.
      ...(view.kind === "metric" ? {} : { format: { property: view.property } }),
    },
    params: [...chainParams(network.chain), ...colourParams(theme), ...(params as readonly Json[])],
    config: vegaConfig(theme),
  };
}

function drawn({ view }: Panel): VegaSpec {
  switch (view.kind) {
    case "vega-lite":
      return withSlotAxes(view.spec as VegaSpec);
    case "metric":
      return metricSpec(view);
    case "table":
      return tableSpec(view);
  }
}
