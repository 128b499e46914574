import { z } from "zod";
import type { Content } from "../export/content.ts";
import { dashboardSchema, panelSchema } from "../panels/panel.ts";
import { savedSearchSchema } from "../panels/saved-search.ts";
import { askRunning } from "./ask-running.ts";

const line = z.object({ id: z.string(), origin: z.enum(["shipped", "saved"]) });
const dashboardsSchema = z.object({ dashboards: z.array(line) });
const panelsSchema = z.object({ panels: z.array(line) });
const searchesSchema = z.object({ searches: z.array(z.object({ id: z.string() })) });

/** What people saved in a running ethmon, beside what comes with it. */
export async function readSaved(base: string, signal: AbortSignal): Promise<Omit<Content, "network">> {
  const ask = <T>(path: string, schema: z.ZodType<T>) => askRunning({ base, path: `/api/v1${path}`, schema, signal });
  const saved = (lines: readonly z.output<typeof line>[]) => lines.filter(({ origin }) => origin === "saved");
  const { dashboards } = await ask("/dashboards", dashboardsSchema);
  const { panels } = await ask("/panels", panelsSchema);
  const { searches } = await ask("/searches", searchesSchema);
  const each = async <T>(kind: string, lines: readonly { id: string }[], schema: z.ZodType<T>): Promise<T[]> => {
    const found: T[] = [];
    for (const { id } of lines) found.push(await ask(`/${kind}/${encodeURIComponent(id)}`, schema));
    return found;
  };
  const told = {
    dashboards: await each("dashboards", saved(dashboards), z.object({ dashboard: dashboardSchema })),
    panels: await each("panels", saved(panels), z.object({ panel: panelSchema })),
    searches: await each("searches", searches, z.object({ search: savedSearchSchema })),
  };
  return {
    dashboards: told.dashboards.map(({ dashboard }) => dashboard),
    panels: told.panels.map(({ panel }) => panel),
    searches: told.searches.map(({ search }) => search),
  };
}
