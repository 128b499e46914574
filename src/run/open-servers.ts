import { join } from "node:path";
import type { AlertDesk } from "../alert/desk.ts";
import type { Config } from "../config/schema.ts";
import type { Broadcaster } from "../lib/broadcast.ts";
import type { Clock } from "../lib/clock.ts";
import type { Log } from "../lib/log.ts";
import { loadShipped } from "../panels/shipped.ts";
import type { AlertLinks } from "../serve/alert-links/link-port.ts";
import type { ServedStore } from "../serve/api/handlers.ts";
import { createSavedNews } from "../serve/dashboards/saved-news.ts";
import type { Metrics } from "../serve/metrics.ts";
import { createServer, type ServerConfig } from "../serve/server.ts";
import type { LiveItem, Source } from "../serve/source.ts";
import { ownAccess } from "./own-access.ts";

/** Where pages and API are served; `publicUrl` where the public has a port of its own. */
export type OpenServers = { url: string; publicUrl?: string; close(): Promise<void> };

/**
 * Opens the port of pages and API, which is the public one where the public is to have it, and the public's own port
 * where it is to have another. Throws what `Server.listen` throws, and `panel_invalid`.
 */
export async function openServers(input: {
  config: Pick<Config, "host" | "port" | "allowed_hosts" | "public">;
  packageDirectory: string;
  dataDirectory: string;
  store: ServedStore;
  source: Source;
  desk: () => AlertDesk | undefined;
  links: () => AlertLinks | undefined;
  live: Broadcaster<LiveItem>;
  metrics: Metrics;
  clock: Clock;
  log: Log;
}): Promise<OpenServers> {
  const { config, packageDirectory, dataDirectory, clock, ...deps } = input;
  const shipped = loadShipped(join(packageDirectory, "panels"));
  const webDirectory = join(packageDirectory, "dist", "web");
  const { host, port, allowed_hosts: allowedHosts, public: open } = config;
  const news = createSavedNews();
  const opened: { url: string; close(): Promise<void> }[] = [];
  const close = async () => {
    for (const { close } of opened.toReversed()) await close();
  };

  const listen = async (address: Omit<ServerConfig, "webDirectory">): Promise<string> => {
    // The public needs no credentials, and gets nothing for them.
    const { access, authenticates } =
      address.public === undefined
        ? await ownAccess({ host: address.host, dataDirectory, clock })
        : { authenticates: false };
    const server = createServer({
      ...deps,
      ...(access === undefined ? {} : { access }),
      clock,
      shipped,
      news,
      config: { ...address, authenticates, webDirectory },
    });
    const { url } = await server.listen();
    opened.push({ url, close: server.close });
    return url;
  };

  try {
    if (open === undefined) return { url: await listen({ host, port, allowedHosts }), close };
    const names = [...allowedHosts, ...open.allowed_hosts];
    if (open.port === undefined) {
      return { url: await listen({ host: open.host ?? host, port, allowedHosts: names, public: open }), close };
    }
    const url = await listen({ host, port, allowedHosts });
    const publicUrl = await listen({
      host: open.host ?? host,
      port: open.port,
      allowedHosts: open.allowed_hosts,
      public: open,
    });
    return { url, publicUrl, close };
  } catch (error) {
    await close();
    throw error;
  }
}
