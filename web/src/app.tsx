import { useEffect } from "react";
import { Frame } from "./components/frame.tsx";
import { Notice } from "./components/notice.tsx";
import { LiveSkeleton, SlotSkeleton } from "./components/skeleton.tsx";
import type { LiveView } from "./lib/live-store.ts";
import { useLive } from "./lib/monitor.tsx";
import { parseRoute, type Route, useLocation } from "./lib/router.ts";
import { LivePage } from "./pages/live.tsx";
import { NotFoundPage } from "./pages/not-found.tsx";
import { SlotPage } from "./pages/slot.tsx";

/** The frame and, in it, the page of the address. */
export function App() {
  const route = parseRoute(useLocation().path);
  const view = useLive();
  const title = pageTitle(route, view);
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
  if (state.network !== undefined) {
    if (route.page === "live") return <LivePage state={state} network={state.network} />;
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
      <Notice title="Waiting for the first node">
        <p>{phase.sentence}</p>
        <p>The monitor learns the network from the first node that answers. The page fills by itself then.</p>
      </Notice>
    );
  }
  return route.page === "live" ? <LiveSkeleton /> : <SlotSkeleton />;
}

function pageTitle(route: Route, view: LiveView): string {
  const network = view.state.network?.name;
  const name = network === undefined ? "Ethereum Monitor" : `${network} · Ethereum Monitor`;
  return route.page === "slot" ? `Slot ${route.slot} · ${name}` : name;
}
