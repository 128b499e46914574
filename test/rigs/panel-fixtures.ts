import type { Dashboard, Panel } from "../../src/panels/panel.ts";
import type { Shipped } from "../../src/panels/shipped.ts";

/** A panel over the slots; parts of it are replaced by what is given. */
export function slotsPanel(id: string, more: Partial<Panel> = {}): Panel {
  return {
    id,
    title: "Slots",
    description: "A bar for each status.",
    time_field: "@timestamp",
    request: {
      index: "ethmon-slot-{network}",
      body: { size: 0, aggs: { status: { terms: { field: "ethereum.status" } } } },
    },
    variables: {},
    view: {
      kind: "table",
      property: "aggregations.status.buckets",
      columns: [{ title: "Status", path: "key", format: "text" }],
    },
    links: [],
    ...more,
  };
}

export function dashboardOf(id: string, panels: readonly string[], more: Partial<Dashboard> = {}): Dashboard {
  return {
    id,
    title: `Dashboard ${id}`,
    description: "Some panels.",
    variables: ["network"],
    time: { from: "now-24h", to: "now" },
    refresh_s: 60,
    grid: panels.map((panel, i) => ({ panel, x: 0, y: i * 10, w: 24, h: 10 })),
    ...more,
  };
}

/** As if these came with the program. */
export function shippedOf(panels: readonly Panel[], dashboards: readonly Dashboard[]): Shipped {
  return {
    panels: new Map(panels.map((panel) => [panel.id, panel])),
    dashboards: new Map(dashboards.map((dashboard) => [dashboard.id, dashboard])),
  };
}
