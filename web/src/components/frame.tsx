import { type ReactNode, useEffect, useMemo, useRef } from "react";
import type { HealthReason } from "../../../src/serve/views.ts";
import { countOpen } from "../lib/alert-words.ts";
import { formatUtcTime } from "../lib/format.ts";
import { healthSummary } from "../lib/health.ts";
import type { LiveView } from "../lib/live-store.ts";
import type { Route } from "../lib/router.ts";
import { useMode } from "../lib/use-mode.ts";
import { AlertBadge, AlertLink, AlertNews } from "./alert/alert-count.tsx";
import { HealthDot } from "./health-dot.tsx";
import { Icon, type IconName } from "./icons.tsx";
import { Link } from "./link.tsx";
import { SlotClock } from "./slot-clock.tsx";
import { ThemeSwitch } from "./theme-switch.tsx";

const SCREENS: readonly { to: string; words: string; icon: IconName; pages: readonly Route["page"][]; own?: true }[] = [
  { to: "/", words: "Live", icon: "live", pages: ["live"] },
  { to: "/participation", words: "Participation", icon: "votes", pages: ["participation"] },
  { to: "/latency", words: "Latency", icon: "latency", pages: ["latency"] },
  { to: "/blocks", words: "Blocks", icon: "block", pages: ["blocks"] },
  { to: "/reorgs", words: "Reorgs", icon: "reorg", pages: ["reorgs"] },
  { to: "/nodes", words: "Nodes", icon: "node", pages: ["nodes", "node"] },
  { to: "/validators", words: "Validators", icon: "validator", pages: ["validators"], own: true },
  {
    to: "/dashboards",
    words: "Dashboards",
    icon: "dashboard",
    pages: ["dashboards", "dashboard", "dashboard_edit", "panel_edit"],
  },
  { to: "/explore", words: "Explore", icon: "explore", pages: ["explore", "sql"] },
  { to: "/alerts", words: "Alerts", icon: "bell", pages: ["alerts"], own: true },
  { to: "/rules", words: "Rules", icon: "rule", pages: ["rules", "rule"], own: true },
];

/** What stands around every page: the rail with the screens, the bar with network and clock, the banners. */
export function Frame({ route, view, children }: { route: Route; view: LiveView; children: ReactNode }) {
  const { network } = view.state;
  const mode = useMode();
  const { alerts } = view.state;
  const count = useMemo(() => countOpen(alerts.values()), [alerts]);
  const rail = useRef<HTMLElement>(null);
  // On a phone the rail scrolls sideways.
  // biome-ignore lint/correctness/useExhaustiveDependencies: another page, or one entry more, is the reason
  useEffect(() => {
    rail.current?.querySelector('[aria-current="page"]')?.scrollIntoView({ inline: "center", block: "nearest" });
  }, [route.page, mode.public]);
  return (
    <>
      <a className="skip-link" href="#main">
        Skip to the content
      </a>
      <nav className="rail" aria-label="Screens" ref={rail}>
        <Link to="/" className="brand" label="Ethereum Monitor, to the live screen">
          <img src="/favicon.svg" alt="" width="28" height="28" />
        </Link>
        {SCREENS.filter(({ own }) => own !== true || !mode.public).map(({ to, words, icon, pages }) => (
          <Link key={to} to={to} className="rail-entry" current={pages.includes(route.page)}>
            <Icon name={icon} />
            {words}
            {to === "/alerts" && <AlertBadge count={count} />}
          </Link>
        ))}
      </nav>
      <div className="column">
        <header className="topbar">
          <p className="network">
            <span className="visually-hidden">Network: </span>
            {network?.name ?? "Ethereum Monitor"}
          </p>
          {network !== undefined && <SlotClock network={network} />}
          <div className="topbar-end">
            <AlertLink count={count} />
            <HealthDot summary={healthSummary(view)} />
            <ThemeSwitch />
          </div>
        </header>
        <AlertNews alerts={alerts} known={view.phase.kind === "ready"} />
        {network?.demo === true && <DemoBanner />}
        {view.connection.kind === "lost" && view.phase.kind === "ready" && (
          <p className="banner problem" role="alert">
            <strong>No contact with the monitor</strong> since {formatUtcTime(view.connection.sinceMs)} UTC. What you
            see is as of then; the page reconnects by itself.
          </p>
        )}
        {view.connection.kind !== "lost" && <StoreBanner reasons={view.state.health?.reasons ?? []} />}
        <main id="main" tabIndex={-1}>
          {children}
        </main>
      </div>
    </>
  );
}

/** Its reasons have figures that change twice a second: what a screen reader announces is the rest. */
const STORE_TROUBLES = [
  { code: "store_unavailable", words: "The store is in trouble; what arrives is shown all the same." },
  { code: "index_refused", words: "The store's cluster refuses documents of others." },
];

function StoreBanner({ reasons }: { reasons: readonly HealthReason[] }) {
  const told = STORE_TROUBLES.map(({ code, words }) => ({ words, of: reasons.filter((one) => one.code === code) }));
  const trouble = told.find(({ of }) => of.length > 0);
  if (trouble === undefined) return null;
  return (
    <aside className="banner problem" aria-label="The store">
      <strong role="alert">{trouble.words}</strong> {trouble.of.map(({ sentence }) => sentence).join(" ")}
    </aside>
  );
}

function DemoBanner() {
  return (
    <aside className="banner" aria-label="Recorded data">
      <strong>Recorded data.</strong> A recording of a small test network with injected faults plays as if it were live.
      Watch your own nodes: <code>npm start -- --node URL</code>
    </aside>
  );
}
