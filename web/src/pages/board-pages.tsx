import { Notice } from "../components/notice.tsx";
import { BoardSkeleton } from "../components/skeleton.tsx";
import type { Route } from "../lib/router.ts";
import { useModule } from "../lib/use-module.ts";

type BoardRoute = Extract<
  Route,
  { page: "dashboards" | "dashboard" | "dashboard_edit" | "panel_edit" | "explore" | "sql" }
>;

const BOARD_PAGES: readonly Route["page"][] = [
  "dashboards",
  "dashboard",
  "dashboard_edit",
  "panel_edit",
  "explore",
  "sql",
];

export function isBoardRoute(route: Route): route is BoardRoute {
  return BOARD_PAGES.includes(route.page);
}

export function boardTitle(route: BoardRoute): string {
  if (route.page === "dashboard") return `Dashboard ${route.id}`;
  if (route.page === "dashboard_edit") return route.id === undefined ? "New dashboard" : `Edit ${route.id}`;
  if (route.page === "panel_edit") return route.id === undefined ? "New panel" : `Edit panel ${route.id}`;
  if (route.page === "explore") return "Explore";
  return route.page === "sql" ? "SQL" : "Dashboards";
}

const load = () => import("./board-chunk.ts");

/** Dashboards and Explore: fetched when one of them is opened, since they bring a chart library along. */
export function BoardPages({ route }: { route: BoardRoute }) {
  const loaded = useModule(load);
  if (loaded.kind === "loading") return <BoardSkeleton what={boardTitle(route)} />;
  if (loaded.kind === "failed") {
    return (
      <>
        <h1 className="visually-hidden">{boardTitle(route)}</h1>
        <Notice title="The page could not be fetched" tone="problem">
          <p>{loaded.sentence}</p>
        </Notice>
      </>
    );
  }
  const { DashboardsPage, DashboardPage, DashboardEditPage, PanelEditPage, ExplorePage, SqlPage } = loaded.module;
  if (route.page === "dashboards") return <DashboardsPage />;
  if (route.page === "dashboard") return <DashboardPage key={route.id} id={route.id} />;
  if (route.page === "dashboard_edit") return <DashboardEditPage key={route.id} id={route.id} />;
  if (route.page === "panel_edit") return <PanelEditPage key={route.id} id={route.id} />;
  return route.page === "explore" ? <ExplorePage /> : <SqlPage />;
}
