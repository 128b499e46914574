export { DashboardPage } from "./dashboard.tsx";
export { DashboardEditPage } from "./dashboard-edit.tsx";
export { DashboardsPage } from "./dashboards.tsx";
export { ExplorePage } from "./explore.tsx";
export { PanelEditPage } from "./panel-edit.tsx";
export { SqlPage } from "./sql.tsx";
