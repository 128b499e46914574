import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./app.tsx";
import "./lib/zod-without-eval.ts";
import { createApi } from "./lib/api.ts";
import { browserNowMs } from "./lib/browser-clock.ts";
import { createLiveStore } from "./lib/live-store.ts";
import { MonitorProvider } from "./lib/monitor.tsx";
import { createServerClock } from "./lib/server-clock.ts";
import { openStream } from "./lib/stream.ts";
import { toldMode } from "./lib/use-mode.ts";
import "uplot/dist/uPlot.min.css";
import "./styles/tokens.css";
import "./styles/base.css";
import "./styles/frame.css";
import "./styles/parts.css";
import "./styles/live.css";
import "./styles/charts.css";
import "./styles/participation.css";
import "./styles/blocks.css";
import "./styles/slot.css";
import "./styles/nodes.css";
import "./styles/reorgs.css";
import "./styles/latency.css";
import "./styles/validators.css";
import "./styles/trust.css";
import "./styles/hosts.css";
import "./styles/boards.css";
import "./styles/forms.css";
import "./styles/explore.css";
import "./styles/alerts.css";
import "./styles/rules.css";

const BASE = "/api/v1";
/** A hidden page has no frames: it takes its events in four times a second. */
const HIDDEN_FLUSH_MS = 250;

const clock = createServerClock(browserNowMs);
const api = createApi(BASE);
const store = createLiveStore({
  api,
  openStream: (handlers) => openStream(`${BASE}/stream`, handlers),
  isOwn: async () => !(await toldMode()).public,
  clock,
  browserNowMs,
  schedule: (flush) => {
    if (document.hidden) setTimeout(flush, HIDDEN_FLUSH_MS);
    else requestAnimationFrame(flush);
  },
});
store.start();

const root = document.getElementById("root");
if (root !== null) {
  createRoot(root).render(
    <StrictMode>
      <MonitorProvider value={{ api, store, clock }}>
        <App />
      </MonitorProvider>
    </StrictMode>,
  );
}
