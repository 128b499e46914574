import { z } from "zod";
import { type Dashboard, dashboardSchema, type Panel, panelSchema, VARIABLES } from "../../panels/panel.ts";
import { savedSearchSchema } from "../../panels/saved-search.ts";
import { momentSchema } from "../dashboards/object-parts.ts";
import type {
  DashboardAnswer,
  DashboardsAnswer,
  DeletedAnswer,
  ModeAnswer,
  PanelAnswer,
  PanelResult,
  PanelsAnswer,
  PreviewBody,
  SavedSearch,
  SearchAnswer,
  SearchesAnswer,
  VariablesAnswer,
} from "../dashboards-view.ts";
import { count } from "./record-fields.ts";

export type DashboardViews = {
  Dashboard: Dashboard;
  Dashboards: DashboardsAnswer;
  DashboardDetail: DashboardAnswer;
  Panel: Panel;
  Panels: PanelsAnswer;
  PanelDetail: PanelAnswer;
  PanelResult: PanelResult;
  PreviewBody: PreviewBody;
  SavedSearch: SavedSearch;
  Searches: SearchesAnswer;
  SearchDetail: SearchAnswer;
  Deleted: DeletedAnswer;
  Variables: VariablesAnswer;
  Mode: ModeAnswer;
};

const origin = z.enum(["shipped", "saved"]).describe("Whether it comes with the program or was saved.");
const line = { id: z.string(), title: z.string(), description: z.string() };

/** Values that are chosen for a variable. */
const chosenValues = z.array(z.string().min(1).max(256)).max(100);

const panel = panelSchema.describe("A request and how its answer is shown.");
const dashboard = dashboardSchema.describe("Panels in a grid of 48 columns.");
const search = savedSearchSchema.describe("A search that was saved.");
const dueMs = z.number().describe("Milliseconds from the slot's start, by the fork at the end of the range.");

export const dashboardSchemas = {
  Dashboard: dashboard,
  Dashboards: z
    .strictObject({ dashboards: z.array(z.strictObject({ ...line, origin, panels: count })) })
    .describe("All dashboards, the shipped ones first."),
  DashboardDetail: z
    .strictObject({
      dashboard,
      panels: z.array(panel).describe("Those of its grid; one that is no more is left out."),
      origin,
    })
    .describe("A dashboard with its panels."),
  Panel: panel,
  Panels: z
    .strictObject({
      panels: z.array(
        z.strictObject({ ...line, origin, kind: z.enum(["vega-lite", "metric", "table"]), index: z.string() }),
      ),
    })
    .describe("All panels, the shipped ones first."),
  PanelDetail: z.strictObject({ panel, origin }).describe("One panel."),
  PanelResult: z
    .strictObject({
      request: z.strictObject({
        index: z.string(),
        body: z.record(z.string(), z.unknown()).describe("With the time range and what is chosen."),
      }),
      answer: z.record(z.string(), z.unknown()).describe("Elasticsearch's answer."),
      from_ms: z.number().describe("Beginning of the range, Unix milliseconds."),
      to_ms: z.number().describe("End of the range, which is not in it."),
      chain: z.strictObject({
        slot_ms: z.number(),
        genesis_ms: z.number().describe("Unix milliseconds."),
        slots_per_epoch: z.number(),
        attestation_due_ms: dueMs,
        aggregate_due_ms: dueMs,
      }),
      network: z.string(),
      took_ms: z.number(),
    })
    .describe("A panel's request and the answer to it."),
  PreviewBody: z
    .strictObject({
      panel,
      time: z.strictObject({ from: momentSchema, to: momentSchema }),
      chosen: z.partialRecord(z.enum(VARIABLES), chosenValues).default({}),
    })
    .describe("A panel that need not be saved, and what it is shown for."),
  SavedSearch: search,
  Searches: z
    .strictObject({ searches: z.array(z.strictObject({ ...line, index: z.string() })) })
    .describe("All saved searches."),
  SearchDetail: z.strictObject({ search }).describe("One saved search."),
  Deleted: z.strictObject({ id: z.string() }).describe("What was deleted."),
  Variables: z
    .strictObject({
      network: z.array(z.string()),
      node: z.array(z.strictObject({ name: z.string(), client: z.string().nullable() })),
      client: z.array(z.string()),
      group: z.array(z.string()).describe("Of labelled validators."),
    })
    .describe("What there is to choose."),
  Mode: z
    .strictObject({
      public: z.boolean().describe("Anybody may look, and nothing can be changed."),
      sql: z.boolean(),
      writes: z.boolean(),
    })
    .describe("What this monitor lets do."),
};
