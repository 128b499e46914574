import type { Clock } from "../../lib/clock.ts";
import type { Chosen, TimeRange } from "../../panels/panel.ts";
import type { Shipped } from "../../panels/shipped.ts";
import type { Explorer } from "../dashboards/explorer.ts";
import { createLibrary, type Shown } from "../dashboards/library.ts";
import { createPanelAnswers } from "../dashboards/panel-answers.ts";
import type { QueryLimits } from "../dashboards/query-limits.ts";
import { createSavedObjects, type SavedStore } from "../dashboards/saved-objects.ts";
import type { SharedAnswers } from "../shared-answers.ts";
import type { Source } from "../source.ts";
import type { ModeAnswer, NetworkView } from "../views.ts";
import { bodyFault } from "./body.ts";
import type { dashboardOperations } from "./dashboard-operations.ts";
import type { Handlers } from "./operations.ts";

export type DashboardDeps = {
  shipped: Shipped;
  shown: Shown;
  limits: QueryLimits;
  mode: () => ModeAnswer;
  shared: SharedAnswers;
  /** What times are rounded down to; 0 is not at all. */
  roundMs: number;
  /** Something was saved or deleted: answers of before are old. */
  changed: () => void;
};

type DashboardHandlers = Pick<Handlers, keyof typeof dashboardOperations>;

/** Dashboards, panels and saved searches, and what they show. */
export function createDashboardHandlers(
  deps: DashboardDeps & {
    store: SavedStore;
    source: Source;
    explorer: Explorer;
    network: () => NetworkView;
    clock: Clock;
  },
): DashboardHandlers {
  const { store, source, explorer, network, clock, shipped, shown, limits, mode, shared, roundMs, changed } = deps;
  const saved = createSavedObjects({ store, network: () => network().name, clock });
  const library = createLibrary({ shipped, saved, shown });
  const answers = createPanelAnswers({ explorer, network, limits, roundMs, clock });

  /** Reads once what many ask for at the same time, or a moment later. */
  const once = async <T>(key: string, signal: AbortSignal, read: (signal: AbortSignal) => Promise<T>): Promise<T> => {
    const make = async (wanted: AbortSignal) => JSON.stringify(await read(wanted));
    return JSON.parse(await shared.get({ key, signal, make })) as T;
  };
  /** Names of groups are the operator's: the public learns them where a dashboard that it sees is narrowed by them. */
  const tellsGroups = async (signal: AbortSignal): Promise<boolean> =>
    !mode().public || (await once("groups", signal, (wanted) => library.shows("group", wanted)));

  const removing =
    (kind: Parameters<typeof library.remove>[0]["kind"]): DashboardHandlers["deletePanel"] =>
    async ({ params: { id }, signal }) => {
      await library.remove({ kind, id }, signal);
      changed();
      return { id };
    };

  return {
    getMode: mode,
    async getVariables({ signal }) {
      const nodes = source.nodes().map(({ name, client }) => ({ name, client }));
      const clients = nodes.flatMap(({ client }) => (client === null ? [] : [client]));
      return {
        network: [network().name],
        node: nodes,
        client: [...new Set(clients)].sort(),
        group: (await tellsGroups(signal)) ? (source.labels()?.map(({ group }) => group) ?? []) : [],
      };
    },
    listDashboards: async ({ signal }) => ({ dashboards: await library.dashboards(signal) }),
    getDashboard: ({ params: { id }, signal }) => library.dashboard(id, signal),
    async putDashboard({ params: { id }, body, signal }) {
      checkId(id, body.id);
      const put = await library.putDashboard(body, signal);
      changed();
      return put;
    },
    deleteDashboard: removing("dashboard"),
    listPanels: async ({ signal }) => ({ panels: await library.panels(signal) }),
    getPanel: ({ params: { id }, signal }) => library.panel(id, signal),
    async putPanel({ params: { id }, body, signal }) {
      checkId(id, body.id);
      const put = await library.putPanel(body, signal);
      changed();
      return put;
    },
    deletePanel: removing("panel"),
    async getPanelAnswer({ params: { id }, query, signal }) {
      const { panel } = await once(`panel ${id}`, signal, (wanted) => library.panel(id, wanted));
      const { network: _, from: __, to: ___, ...chosen } = query;
      return answers.ofPanel({ panel, time: timeOf(query, USUAL_TIME), chosen: chosen as Chosen });
    },
    previewPanel: ({ body: { panel, time, chosen }, signal }) => answers.ofPanel({ panel, time, chosen }).make(signal),
    listSearches: async ({ signal }) => ({ searches: await library.searches(signal) }),
    getSearch: async ({ params: { id }, signal }) => ({ search: await library.search(id, signal) }),
    async putSearch({ params: { id }, body, signal }) {
      checkId(id, body.id);
      const search = await library.putSearch(body, signal);
      changed();
      return { search };
    },
    deleteSearch: removing("search"),
    async getSearchAnswer({ params: { id }, query, signal }) {
      const search = await once(`search ${id}`, signal, (wanted) => library.search(id, wanted));
      return answers.ofSearch({ search, time: timeOf(query, search.time), signal });
    },
  };
}

const USUAL_TIME: TimeRange = { from: "now-24h", to: "now" };

/** The range of a query's parameters; numbers are Unix milliseconds. */
export function timeOf({ from, to }: { from?: string; to?: string }, usual: TimeRange): TimeRange {
  return { from: momentOf(from ?? usual.from), to: momentOf(to ?? usual.to) };
}

function momentOf(text: string): string {
  return /^\d+$/.test(text) ? new Date(Number(text)).toISOString() : text;
}

function checkId(path: string, body: string): void {
  if (path !== body) throw bodyFault(`its id is '${body}' and the path's '${path}'`);
}
