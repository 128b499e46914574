import { createHash } from "node:crypto";

/** Ids that stay the same, so that a later import replaces what an earlier one made; each network has its own. */
export type ObjectIds = {
  dataView(pattern: string): string;
  panel(id: string): string;
  search(id: string): string;
  /** Of a table's documents, beside the table. */
  documents(panelId: string): string;
  dashboard(id: string): string;
  /** Of a dashboard's controls, where they are a visualization. */
  controls(dashboardId: string): string;
};

export function objectIds(network: string): ObjectIds {
  const id = (kind: string, name: string) => `ethmon-${network}-${kind}-${name}`;
  return {
    dataView: (pattern) => id("data", `${slug(pattern)}-${digest(pattern)}`),
    panel: (name) => id("panel", name),
    search: (name) => id("search", name),
    documents: (name) => id("documents", name),
    dashboard: (name) => id("dashboard", name),
    controls: (name) => id("controls", name),
  };
}

/** Two patterns that differ in what an id cannot hold have different ones. */
function slug(pattern: string): string {
  return pattern
    .toLowerCase()
    .replaceAll(/[^a-z0-9._]+/g, "-")
    .replaceAll(/^-+|-+$/g, "")
    .slice(0, 80);
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 8);
}
