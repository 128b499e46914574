import { useCallback } from "react";
import { PanelForm } from "../components/board/panel-form.tsx";
import { FaultNotice } from "../components/fault-notice.tsx";
import { BoardSkeleton } from "../components/skeleton.tsx";
import { panelOfSearch } from "../lib/explore-panel.ts";
import { readExplore } from "../lib/explore-state.ts";
import { NEW_PANEL } from "../lib/panel-draft.ts";
import type { StoredPanel } from "../lib/panel-views.ts";
import { panelApi } from "../lib/panels-of.ts";
import { useLocation } from "../lib/router.ts";
import { useAnswer } from "../lib/use-answer.ts";
import { useMode } from "../lib/use-mode.ts";
import { NoWrites } from "./dashboard-edit.tsx";

/** A panel being written: a new one, one of a search, or one that is stored. */
export function PanelEditPage({ id }: { id: string | undefined }) {
  const { query } = useLocation();
  const mode = useMode();
  const address = query.toString();
  const ask = useCallback(
    (signal: AbortSignal): Promise<StoredPanel> =>
      id === undefined ? newPanel(new URLSearchParams(address), signal) : panelApi.panel(id, signal),
    [id, address],
  );
  const told = useAnswer(ask, undefined);
  if (told.kind === "loading") return <BoardSkeleton what="the panel" />;
  if (told.kind === "failed")
    return <FaultNotice heading="Edit panel" title="The panel could not be read" fault={told.fault} />;
  if (mode.told && !mode.writes) return <NoWrites />;
  const { panel, origin } = told.answer;
  const isNew = id === undefined || origin === "shipped";
  const start =
    isNew && id !== undefined ? { ...panel, id: `${panel.id}-copy`, title: `${panel.title} (copy)` } : panel;
  return (
    <PanelForm
      start={start}
      isNew={isNew}
      of={id !== undefined && isNew ? panel.title : undefined}
      dashboard={query.get("dashboard") ?? undefined}
      replaces={id}
    />
  );
}

/** An empty panel, or that of the search in the address. */
async function newPanel(query: URLSearchParams, signal: AbortSignal): Promise<StoredPanel> {
  const kind = query.get("as");
  const state = readExplore(query);
  if ((kind !== "histogram" && kind !== "table") || state.index === undefined)
    return { panel: NEW_PANEL, origin: "saved" };
  const { indices } = await panelApi.indices(signal);
  const line = indices.find(({ name }) => name === state.index);
  const timeField = line === undefined ? "@timestamp" : (line.time_field ?? undefined);
  return { panel: panelOfSearch({ state, index: state.index, timeField, kind }), origin: "saved" };
}
