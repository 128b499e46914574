import type { z } from "zod";
import type { ComposedKind } from "../../events/saved.ts";
import { Fault } from "../../lib/fault.ts";
import { type Dashboard, dashboardSchema, type Panel, panelSchema, type Variable } from "../../panels/panel.ts";
import { savedSearchSchema } from "../../panels/saved-search.ts";
import type { Shipped } from "../../panels/shipped.ts";
import type {
  DashboardAnswer,
  DashboardLine,
  PanelAnswer,
  PanelLine,
  SavedSearch,
  SearchLine,
} from "../dashboards-view.ts";
import type { SavedObjects } from "./saved-objects.ts";

/** Ids that are shown of what there is; all where one is left out. */
export type Shown = { dashboards?: readonly string[] | undefined; searches?: readonly string[] | undefined };

/** Dashboards and panels that come with the program, and those that were saved; searches are only saved. */
export type Library = {
  dashboards(signal: AbortSignal): Promise<DashboardLine[]>;
  /** Throws `dashboard_unknown`. */
  dashboard(id: string, signal: AbortSignal): Promise<DashboardAnswer>;
  /** Throws `object_shipped`, `panel_unknown`, `saved_full`. */
  putDashboard(dashboard: Dashboard, signal: AbortSignal): Promise<DashboardAnswer>;
  /** Whether a dashboard that is shown can be narrowed by a variable. */
  shows(variable: Variable, signal: AbortSignal): Promise<boolean>;
  panels(signal: AbortSignal): Promise<PanelLine[]>;
  /** Throws `panel_unknown`. */
  panel(id: string, signal: AbortSignal): Promise<PanelAnswer>;
  putPanel(panel: Panel, signal: AbortSignal): Promise<PanelAnswer>;
  searches(signal: AbortSignal): Promise<SearchLine[]>;
  /** Throws `saved_search_unknown`. */
  search(id: string, signal: AbortSignal): Promise<SavedSearch>;
  putSearch(search: SavedSearch, signal: AbortSignal): Promise<SavedSearch>;
  /** Throws what reading it throws, `object_shipped`, `object_in_use`. */
  remove(place: { kind: ComposedKind; id: string }, signal: AbortSignal): Promise<void>;
};

export function createLibrary(deps: { shipped: Shipped; saved: SavedObjects; shown: Shown }): Library {
  const { shipped, saved, shown } = deps;

  const readPanel = async (id: string, signal: AbortSignal): Promise<PanelAnswer | undefined> => {
    const own = shipped.panels.get(id);
    if (own !== undefined) return { panel: own, origin: "shipped" };
    const content = await saved.read({ kind: "panel", id }, signal);
    return content === undefined
      ? undefined
      : { panel: readAs(panelSchema, content, `The panel '${id}'`), origin: "saved" };
  };
  const readDashboard = async (id: string, signal: AbortSignal) => {
    const own = shipped.dashboards.get(id);
    if (own !== undefined) return { dashboard: own, origin: "shipped" as const };
    const content = await saved.read({ kind: "dashboard", id }, signal);
    if (content === undefined) return undefined;
    return { dashboard: readAs(dashboardSchema, content, `The dashboard '${id}'`), origin: "saved" as const };
  };
  const isShown = (kind: "dashboards" | "searches", id: string) => shown[kind]?.includes(id) ?? true;

  /** Of the dashboards that are shown; undefined where all are. */
  const shownPanels = async (signal: AbortSignal): Promise<ReadonlySet<string> | undefined> => {
    if (shown.dashboards === undefined) return undefined;
    const found = await Promise.all(shown.dashboards.map((id) => readDashboard(id, signal)));
    return new Set(found.flatMap((one) => one?.dashboard.grid.map(({ panel }) => panel) ?? []));
  };
  const panelsOf = async (dashboard: Dashboard, signal: AbortSignal): Promise<(Panel | undefined)[]> => {
    const ids = [...new Set(dashboard.grid.map(({ panel }) => panel))];
    return Promise.all(ids.map(async (id) => (await readPanel(id, signal))?.panel));
  };
  const refuseShipped = (kind: "dashboard" | "panel", id: string): void => {
    const own = kind === "dashboard" ? shipped.dashboards : shipped.panels;
    if (!own.has(id)) return;
    throw new Fault("object_shipped", `The ${kind} '${id}' comes with the program: save yours under another id.`);
  };

  return {
    async dashboards(signal) {
      const lines = await saved.list("dashboard", signal);
      return [
        ...[...shipped.dashboards.values()].map(({ id, title, description, grid }) => ({
          id,
          title,
          description,
          origin: "shipped" as const,
          panels: new Set(grid.map(({ panel }) => panel)).size,
        })),
        ...lines
          .filter(({ id }) => !shipped.dashboards.has(id))
          .map((line) => ({ ...shortOf(line), origin: "saved" as const, panels: line.panels?.length ?? 0 })),
      ].filter(({ id }) => isShown("dashboards", id));
    },
    async dashboard(id, signal) {
      const found = isShown("dashboards", id) ? await readDashboard(id, signal) : undefined;
      if (found === undefined) throw new Fault("dashboard_unknown", `There is no dashboard '${id}'.`);
      const panels = await panelsOf(found.dashboard, signal);
      return { ...found, panels: panels.filter((panel) => panel !== undefined) };
    },
    async putDashboard(dashboard, signal) {
      const { id, title, description, grid } = dashboard;
      refuseShipped("dashboard", id);
      const ids = [...new Set(grid.map(({ panel }) => panel))];
      // A panel that is there stays until the dashboard is.
      return saved.inTurn(async ({ put }) => {
        const panels = await panelsOf(dashboard, signal);
        const missing = ids.find((_, i) => panels[i] === undefined);
        if (missing !== undefined) throw panelUnknown(missing);
        const more = { index: null, view: null, panels: ids, content: dashboard };
        await put({ kind: "dashboard", id, title, description, ...more }, signal);
        return { dashboard, panels: panels.filter((panel) => panel !== undefined), origin: "saved" };
      });
    },
    async shows(variable, signal) {
      const narrows = ({ variables }: Dashboard) => variables.includes(variable);
      if ([...shipped.dashboards.values()].some((own) => isShown("dashboards", own.id) && narrows(own))) return true;
      for (const { id } of await saved.list("dashboard", signal)) {
        if (shipped.dashboards.has(id) || !isShown("dashboards", id)) continue;
        const read = dashboardSchema.safeParse(await saved.read({ kind: "dashboard", id }, signal));
        if (read.success && narrows(read.data)) return true;
      }
      return false;
    },
    async panels(signal) {
      const [lines, wanted] = await Promise.all([saved.list("panel", signal), shownPanels(signal)]);
      return [
        ...[...shipped.panels.values()].map(({ id, title, description, view, request }) => ({
          id,
          title,
          description,
          origin: "shipped" as const,
          kind: view.kind,
          index: request.index,
        })),
        ...lines
          .filter(({ id }) => !shipped.panels.has(id))
          .map((line) => ({
            ...shortOf(line),
            origin: "saved" as const,
            kind: line.view as Panel["view"]["kind"],
            index: line.index ?? "",
          })),
      ].filter(({ id }) => wanted?.has(id) ?? true);
    },
    async panel(id, signal) {
      const wanted = await shownPanels(signal);
      const found = (wanted?.has(id) ?? true) ? await readPanel(id, signal) : undefined;
      if (found === undefined) throw panelUnknown(id);
      return found;
    },
    async putPanel(panel, signal) {
      const { id, title, description, request, view } = panel;
      refuseShipped("panel", id);
      const more = { index: request.index, view: view.kind, panels: null, content: panel };
      await saved.put({ kind: "panel", id, title, description, ...more }, signal);
      return { panel, origin: "saved" };
    },
    async searches(signal) {
      const lines = await saved.list("search", signal);
      return lines
        .map((line) => ({ ...shortOf(line), index: line.index ?? "" }))
        .filter(({ id }) => isShown("searches", id));
    },
    async search(id, signal) {
      const content = isShown("searches", id) ? await saved.read({ kind: "search", id }, signal) : undefined;
      if (content === undefined) throw new Fault("saved_search_unknown", `There is no saved search '${id}'.`);
      return readAs(savedSearchSchema, content, `The saved search '${id}'`);
    },
    async putSearch(search, signal) {
      const { id, title, description, index } = search;
      const more = { index, view: null, panels: null, content: search };
      await saved.put({ kind: "search", id, title, description, ...more }, signal);
      return search;
    },
    async remove({ kind, id }, signal) {
      if (kind !== "search") refuseShipped(kind, id);
      await saved.inTurn(async ({ remove }) => {
        if ((await saved.read({ kind, id }, signal)) === undefined) {
          if (kind === "panel") throw panelUnknown(id);
          const code = kind === "dashboard" ? "dashboard_unknown" : "saved_search_unknown";
          throw new Fault(code, `There is no ${kind === "dashboard" ? "dashboard" : "saved search"} '${id}'.`);
        }
        const users = kind === "panel" ? await saved.usersOf(id, signal) : [];
        if (users.length > 0) {
          const names = users.slice(0, 10).join(", ");
          throw new Fault("object_in_use", `The panel '${id}' stands on ${names}: take it from there first.`);
        }
        await remove({ kind, id }, signal);
      });
    },
  };
}

/** What was saved, as it is read now. Throws `saved_unreadable` for what another version saved in another form. */
function readAs<T>(schema: z.ZodType<T>, content: unknown, what: string): T {
  const read = schema.safeParse(content);
  if (read.success) return read.data;
  throw new Fault("saved_unreadable", `${what} was saved in a form that this version does not read: save it again.`);
}

function shortOf(line: { id: string; title: string | null; description: string | null }) {
  return { id: line.id, title: line.title ?? line.id, description: line.description ?? "" };
}

function panelUnknown(id: string): Fault {
  return new Fault("panel_unknown", `There is no panel '${id}'.`);
}
