import { Fault } from "../lib/fault.ts";

/** Where a node is asked. The raw address never leaves this module: it may hold credentials anywhere in it. */
export type NodeUrl = {
  protocol: "http:" | "https:";
  hostname: string;
  port: number;
  /** For people: scheme, host and port; user, path and query are hidden. */
  redacted: string;
  headers: Readonly<Record<string, string>>;
  /** The path and query to ask for, from an API path such as `/eth/v1/node/version`. */
  target(apiPath: string): string;
  /** Foreign text with everything that may be a credential of this address replaced by `***`. */
  scrub(text: string): string;
};

const HIDDEN = "***";

/**
 * Reads the address of a beacon node. A base path and a query (`?apikey=`) are kept for every request,
 * `user:password@` becomes a basic authorization header. Throws `node_url_invalid`, which does not name the address.
 */
export function parseNodeUrl(text: string): NodeUrl {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || (url.protocol !== "http:" && url.protocol !== "https:") || url.hostname === "") {
    throw new Fault(
      "node_url_invalid",
      "The address of a node must look like http://host:5052 (it is not shown here since it may hold credentials).",
    );
  }
  const user = decoded(url.username);
  const password = decoded(url.password);
  const basePath = url.pathname.replace(/\/+$/, "");
  const query = url.search.slice(1);
  const authorization = Buffer.from(`${user}:${password}`).toString("base64");
  const secrets = secretsOf({ url, user, password, basePath, authorization });
  return {
    protocol: url.protocol,
    hostname: url.hostname.replace(/^\[|\]$/g, ""),
    port: url.port === "" ? (url.protocol === "https:" ? 443 : 80) : Number(url.port),
    redacted: redacted(url, basePath),
    headers: user === "" && password === "" ? {} : { authorization: `Basic ${authorization}` },
    target: (apiPath) => basePath + apiPath + (query === "" ? "" : `${apiPath.includes("?") ? "&" : "?"}${query}`),
    scrub: (foreign) => secrets.reduce((scrubbed, secret) => scrubbed.replaceAll(secret, HIDDEN), foreign),
  };
}

/** An address as logs, documents and pages may show it. */
export function redactUrl(text: string): string {
  if (!URL.canParse(text)) return HIDDEN;
  const url = new URL(text);
  return redacted(url, url.pathname.replace(/\/+$/, ""));
}

/**
 * Names for nodes that were given none: the host, with its port where a host holds several nodes, with a number where
 * even that is not enough. Given names stay as they are; throws `node_name_taken` when two are the same.
 */
export function nameNodes<Node extends { name?: string | undefined; url: string }>(
  nodes: readonly Node[],
): (Omit<Node, "name"> & { name: string })[] {
  const hosts = nodes.map((node) => parseNodeUrl(node.url));
  const taken = new Set<string>();
  for (const { name } of nodes) {
    if (name === undefined) continue;
    if (taken.has(name)) throw new Fault("node_name_taken", `Two nodes are named ${name}; give each its own name.`);
    taken.add(name);
  }
  return nodes.map((node, index) => {
    if (node.name !== undefined) return { ...node, name: node.name };
    const { hostname, port } = hosts[index] as NodeUrl;
    const alone = hosts.filter((host) => host.hostname === hostname).length === 1;
    const base = alone ? hostname : `${hostname}:${port}`;
    let name = base;
    for (let number = 2; taken.has(name); number += 1) name = `${base}-${number}`;
    taken.add(name);
    return { ...node, name };
  });
}

function redacted(url: URL, basePath: string): string {
  const user = url.username === "" && url.password === "" ? "" : `${HIDDEN}@`;
  const path = basePath === "" ? "" : `/${HIDDEN}`;
  return `${url.protocol}//${user}${url.host}${path}${url.search === "" ? "" : `?${HIDDEN}`}`;
}

/** Longest first, so that no part of a long one is left over; texts under four characters would hide innocent words. */
function secretsOf(parts: {
  url: URL;
  user: string;
  password: string;
  basePath: string;
  authorization: string;
}): string[] {
  const { url, user, password, basePath, authorization } = parts;
  const candidates = [
    user,
    password,
    url.username,
    url.password,
    authorization,
    url.search.slice(1),
    ...basePath.split("/"),
    ...basePath.split("/").map(decoded),
    ...url.searchParams.values(),
  ];
  return [...new Set(candidates)].filter((text) => text.length >= 4).sort((a, b) => b.length - a.length);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
