import { useEffect, useMemo } from "react";
import { Frame } from "./components/frame.tsx";
import { Notice } from "./components/notice.tsx";
import {
  AlertsSkeleton,
  LatencySkeleton,
  ListSkeleton,
  LiveSkeleton,
  NodesSkeleton,
  RangeSkeleton,
  SlotSkeleton,
} from "./components/skeleton.tsx";
import { countOpen, isLoud } from "./lib/alert-words.ts";
import type { LiveView } from "./lib/live-store.ts";
import { useLive } from "./lib/monitor.tsx";
import { parseRoute, type Route, useLocation } from "./lib/router.ts";
import { AlertsPage } from "./pages/alerts.tsx";
import { BlocksPage } from "./pages/blocks.tsx";
import { BoardPages, boardTitle, isBoardRoute } from "./pages/board-pages.tsx";
import { LatencyPage } from "./pages/latency.tsx";
import { LivePage } from "./pages/live.tsx";
import { NodePage } from "./pages/node.tsx";
import { NodesPage } from "./pages/nodes.tsx";
import { NotFoundPage } from "./pages/not-found.tsx";
import { ParticipationPage } from "./pages/participation.tsx";
import { ReorgsPage } from "./pages/reorgs.tsx";
import { RulePages, ruleTitle } from "./pages/rule-pages.tsx";
import { SlotPage } from "./pages/slot.tsx";
import { ValidatorsPage } from "./pages/validators.tsx";

/** The frame and, in it, the page of the address. */
export function App() {
  const route = parseRoute(useLocation().path);
  const view = useLive();
  const { alerts } = view.state;
  const { open, worst } = useMemo(() => countOpen(alerts.values()), [alerts]);
  // A tab in the background tells it, too.
  const title = `${worst !== undefined && isLoud(worst) ? `(${open}) ` : ""}${pageTitle(route, view)}`;
  useEffect(() => {
    document.title = title;
  }, [title]);
  return (
    <Frame route={route} view={view}>
      <Page route={route} view={view} />
    </Frame>
  );
}

function Page({ route, view }: { route: Route; view: LiveView }) {
  const { phase, state } = view;
  if (route.page === "not_found") return <NotFoundPage path={route.path} />;
  if (isBoardRoute(route)) return <BoardPages route={route} />;
  if (route.page === "rules" || route.page === "rule") return <RulePages route={route} />;
  if (state.network !== undefined) {
    if (route.page === "alerts") return <AlertsPage view={view} id={route.id} />;
    if (route.page === "live") return <LivePage state={state} network={state.network} />;
    if (route.page === "participation") return <ParticipationPage state={state} network={state.network} />;
    if (route.page === "blocks") return <BlocksPage state={state} network={state.network} />;
    if (route.page === "latency") return <LatencyPage network={state.network} />;
    if (route.page === "nodes") return <NodesPage state={state} network={state.network} />;
    if (route.page === "node") return <NodePage state={state} network={state.network} name={route.name} />;
    if (route.page === "reorgs") return <ReorgsPage state={state} network={state.network} id={route.id} />;
    if (route.page === "validators") return <ValidatorsPage network={state.network} group={route.group} />;
    return <SlotPage state={state} network={state.network} slot={route.slot} />;
  }
  if (phase.kind === "failed") {
    return (
      <Notice title="The monitor does not answer" tone="problem">
        <p>{phase.sentence}</p>
        <p>
          Nothing can be shown until it does. The page tries again every few seconds; see whether the process still
          runs.
        </p>
      </Notice>
    );
  }
  if (phase.kind === "waiting") {
    return (
      <>
        <Notice title="Waiting for the first node">
          <p>{phase.sentence}</p>
          <p>The monitor learns the network from the first node that answers. The page fills by itself then.</p>
        </Notice>
        {route.page === "node" ? (
          <NodePage state={state} network={undefined} name={route.name} />
        ) : (
          <NodesPage state={state} network={undefined} />
        )}
      </>
    );
  }
  return <Skeleton page={route.page} />;
}

function Skeleton({ page }: { page: Route["page"] }) {
  if (page === "live") return <LiveSkeleton />;
  if (page === "slot") return <SlotSkeleton />;
  if (page === "participation" || page === "blocks") return <RangeSkeleton what={page} />;
  if (page === "alerts") return <AlertsSkeleton />;
  if (page === "latency") return <LatencySkeleton />;
  return page === "validators" || page === "reorgs" ? <ListSkeleton what={page} /> : <NodesSkeleton />;
}

function pageTitle(route: Route, view: LiveView): string {
  const network = view.state.network?.name;
  const name = network === undefined ? "Ethereum Monitor" : `${network} · Ethereum Monitor`;
  if (isBoardRoute(route)) return `${boardTitle(route)} · ${name}`;
  if (route.page === "rules" || route.page === "rule") return `${ruleTitle(route)} · ${name}`;
  if (route.page === "alerts") return `Alerts · ${name}`;
  if (route.page === "slot") return `Slot ${route.slot} · ${name}`;
  if (route.page === "node") return `Node ${route.name} · ${name}`;
  if (route.page === "participation") return `Participation · ${name}`;
  if (route.page === "blocks") return `Blocks · ${name}`;
  if (route.page === "latency") return `Latency · ${name}`;
  if (route.page === "nodes") return `Nodes · ${name}`;
  if (route.page === "validators") return `Validators${route.group === undefined ? "" : ` ${route.group}`} · ${name}`;
  return route.page === "reorgs" ? `Reorgs · ${name}` : name;
}
