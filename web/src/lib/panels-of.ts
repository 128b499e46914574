import { createPanelApi, type PanelApi } from "./panel-api.ts";

/** The API of dashboards, panels and searches, for the pages that need it. */
export const panelApi: PanelApi = createPanelApi("/api/v1");
