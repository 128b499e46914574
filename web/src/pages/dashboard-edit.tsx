import { useCallback } from "react";
import { DashboardForm } from "../components/board/dashboard-form.tsx";
import { FaultNotice } from "../components/fault-notice.tsx";
import { Notice } from "../components/notice.tsx";
import { BoardSkeleton } from "../components/skeleton.tsx";
import type { DashboardAnswer } from "../lib/panel-views.ts";
import { panelApi } from "../lib/panels-of.ts";
import { useLocation } from "../lib/router.ts";
import { useAnswer } from "../lib/use-answer.ts";
import { useMode } from "../lib/use-mode.ts";

/** A new dashboard begins with nothing, or as a copy of the one that the address names. */
const EMPTY: DashboardAnswer = {
  origin: "saved",
  panels: [],
  dashboard: {
    id: "",
    title: "",
    description: "",
    variables: ["node"],
    time: { from: "now-24h", to: "now" },
    refresh_s: 60,
    grid: [],
  },
};

/** A dashboard being composed. */
export function DashboardEditPage({ id }: { id: string | undefined }) {
  const { query } = useLocation();
  const of = id ?? query.get("of") ?? undefined;
  const mode = useMode();
  const ask = useCallback(
    (signal: AbortSignal) => (of === undefined ? Promise.resolve(EMPTY) : panelApi.dashboard(of, signal)),
    [of],
  );
  const told = useAnswer(ask, undefined);
  if (told.kind === "loading") return <BoardSkeleton what="the dashboard" />;
  if (told.kind === "failed")
    return <FaultNotice heading="Edit dashboard" title="The dashboard could not be read" fault={told.fault} />;
  if (mode.told && !mode.writes) return <NoWrites />;
  const { dashboard, panels, origin } = told.answer;
  const copies = id === undefined || origin === "shipped";
  const start =
    copies && of !== undefined
      ? { ...dashboard, id: `${dashboard.id}-copy`, title: `${dashboard.title} (copy)` }
      : dashboard;
  return <DashboardForm start={start} panels={panels} isNew={copies} />;
}

export function NoWrites() {
  return (
    <>
      <h1 className="visually-hidden">Nothing can be changed here</h1>
      <Notice title="Nothing can be changed here">
        <p>This monitor is open to anyone, and shows what its operator saved.</p>
      </Notice>
    </>
  );
}
