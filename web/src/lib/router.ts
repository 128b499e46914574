import { useSyncExternalStore } from "react";

/** The screens, by path. */
export type Route =
  | { page: "live" }
  | { page: "slot"; slot: number }
  | { page: "participation" }
  | { page: "blocks" }
  | { page: "latency" }
  | { page: "nodes" }
  | { page: "node"; name: string }
  /** Without an id: the list, and its first reorg where there is room. */
  | { page: "reorgs"; id: string | undefined }
  /** Without a group: the worst one. */
  | { page: "validators"; group: string | undefined }
  | { page: "dashboards" }
  | { page: "dashboard"; id: string }
  /** Without an id: a new one. */
  | { page: "dashboard_edit"; id: string | undefined }
  | { page: "panel_edit"; id: string | undefined }
  | { page: "explore" }
  | { page: "sql" }
  /** Without an id: the lists, and their first alert where there is room. */
  | { page: "alerts"; id: string | undefined }
  | { page: "rules" }
  /** Without an id: a new one. */
  | { page: "rule"; id: string | undefined }
  | { page: "not_found"; path: string };

/** Where the page is: path and query together are its state. */
export type Location = { path: string; query: URLSearchParams };

export function parseRoute(path: string): Route {
  if (path === "/") return { page: "live" };
  const slot = /^\/slot\/(\d{1,15})\/?$/.exec(path)?.[1];
  if (slot !== undefined) return { page: "slot", slot: Number(slot) };
  if (/^\/participation\/?$/.test(path)) return { page: "participation" };
  if (/^\/blocks\/?$/.test(path)) return { page: "blocks" };
  if (/^\/latency\/?$/.test(path)) return { page: "latency" };
  if (/^\/nodes\/?$/.test(path)) return { page: "nodes" };
  const name = decoded(/^\/nodes\/([^/]+)\/?$/.exec(path)?.[1]);
  if (name !== undefined) return { page: "node", name };
  if (/^\/reorgs\/?$/.test(path)) return { page: "reorgs", id: undefined };
  const id = /^\/reorgs\/(0x[0-9a-f]{1,64})\/?$/i.exec(path)?.[1];
  if (id !== undefined) return { page: "reorgs", id: id.toLowerCase() };
  if (/^\/validators\/?$/.test(path)) return { page: "validators", group: undefined };
  const group = decoded(/^\/validators\/([^/]+)\/?$/.exec(path)?.[1]);
  if (group !== undefined) return { page: "validators", group };
  return boardRoute(path) ?? alertRoute(path) ?? { page: "not_found", path };
}

/** An id of a dashboard or a panel; `new` is none. */
const ID = "[a-z0-9]+(?:-[a-z0-9]+)*";
const DASHBOARD = new RegExp(`^/dashboards/(${ID})(/edit)?/?$`);
const PANEL = new RegExp(`^/panels/(${ID})/edit/?$`);

function boardRoute(path: string): Route | undefined {
  if (/^\/dashboards\/?$/.test(path)) return { page: "dashboards" };
  if (/^\/dashboards\/new\/?$/.test(path)) return { page: "dashboard_edit", id: undefined };
  if (/^\/panels\/new\/?$/.test(path)) return { page: "panel_edit", id: undefined };
  if (/^\/explore\/?$/.test(path)) return { page: "explore" };
  if (/^\/explore\/sql\/?$/.test(path)) return { page: "sql" };
  const [, id, edit] = DASHBOARD.exec(path) ?? [];
  if (id !== undefined) return edit === undefined ? { page: "dashboard", id } : { page: "dashboard_edit", id };
  const panel = PANEL.exec(path)?.[1];
  return panel === undefined ? undefined : { page: "panel_edit", id: panel };
}

/** An alert's id is its rule, a hash and a moment. */
const ALERT = /^\/alerts\/([^/]+)\/([0-9a-f]{16})\/(\d{1,16})\/?$/;

function alertRoute(path: string): Route | undefined {
  if (/^\/alerts\/?$/.test(path)) return { page: "alerts", id: undefined };
  const [, rule, hash, sinceMs] = ALERT.exec(path) ?? [];
  const of = decoded(rule);
  if (of !== undefined) return { page: "alerts", id: `${of}/${hash}/${sinceMs}` };
  if (/^\/rules\/?$/.test(path)) return { page: "rules" };
  if (/^\/rules\/new\/?$/.test(path)) return { page: "rule", id: undefined };
  const id = decoded(/^\/rules\/([^/]+)\/?$/.exec(path)?.[1]);
  return id === undefined ? undefined : { page: "rule", id };
}

export function alertPath(id: string): string {
  return `/alerts/${id.split("/").map(encodeURIComponent).join("/")}`;
}

export function rulePath(id: string): string {
  return `/rules/${encodeURIComponent(id)}`;
}

export function dashboardPath(id: string): string {
  return `/dashboards/${id}`;
}

export function dashboardEditPath(id: string): string {
  return `/dashboards/${id}/edit`;
}

export function panelEditPath(id: string): string {
  return `/panels/${id}/edit`;
}

export function slotPath(slot: number): string {
  return `/slot/${slot}`;
}

export function nodePath(name: string): string {
  return `/nodes/${encodeURIComponent(name)}`;
}

/** The part of the Nodes page that shows the clock. */
export const CLOCK_ANCHOR = "clock";

export function clockPath(): string {
  return `/nodes#${CLOCK_ANCHOR}`;
}

export function reorgPath(id: string): string {
  return `/reorgs/${id}`;
}

export function groupPath(group: string): string {
  return `/validators/${encodeURIComponent(group)}`;
}

function decoded(part: string | undefined): string | undefined {
  try {
    return part === undefined ? undefined : decodeURIComponent(part);
  } catch {
    return undefined;
  }
}

/** A path with the query changed: a value of undefined removes its key. */
export function withQuery(location: Location, changes: Readonly<Record<string, string | undefined>>): string {
  const query = new URLSearchParams(location.query);
  for (const [key, value] of Object.entries(changes)) {
    if (value === undefined) query.delete(key);
    else query.set(key, value);
  }
  const text = query.toString();
  return text === "" ? location.path : `${location.path}?${text}`;
}

const NAVIGATED = "ethmon:navigated";

/** Goes to a path of ours; `replace` leaves no entry in the history. */
export function navigate(target: string, options: { replace?: boolean } = {}): void {
  if (target === window.location.pathname + window.location.search) return;
  const { pathname, hash } = new URL(target, window.location.origin);
  const samePage = pathname === window.location.pathname;
  window.history[options.replace === true ? "replaceState" : "pushState"](null, "", target);
  if (!samePage) window.scrollTo(0, 0);
  // The browser itself scrolls to a fragment only when it loads a page.
  if (samePage && hash !== "") document.getElementById(hash.slice(1))?.scrollIntoView();
  window.dispatchEvent(new Event(NAVIGATED));
}

export function useLocation(): Location {
  const href = useSyncExternalStore(subscribe, currentHref);
  const url = new URL(href, window.location.origin);
  return { path: url.pathname, query: url.searchParams };
}

function currentHref(): string {
  return window.location.pathname + window.location.search;
}

function subscribe(changed: () => void): () => void {
  window.addEventListener("popstate", changed);
  window.addEventListener(NAVIGATED, changed);
  return () => {
    window.removeEventListener("popstate", changed);
    window.removeEventListener(NAVIGATED, changed);
  };
}
