import { setMaxListeners } from "node:events";
import { createServer, type Server, type Socket } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import type { ForeignSink, Quarantine } from "../../events/foreign.ts";
import type { Clock } from "../../lib/clock.ts";
import { isFault, messageOf } from "../../lib/fault.ts";
import { checkListenAddress, listenFault } from "../../lib/listen-address.ts";
import type { Log } from "../../lib/log.ts";
import { createMemoryBudget } from "../../lib/memory-budget.ts";
import { sleep } from "../../lib/sleep.ts";
import type { TlsTexts } from "../../lib/tls-files.ts";
import { type LumberjackCounts, serveConnection } from "./connection.ts";
import { type LumberjackLimits, MB } from "./limits.ts";

export type Lumberjack = {
  /** Opens the port; 0 takes any free one. Throws `listen_address_refused`, `address_in_use`, `address_denied`, `address_unavailable`. */
  listen(address: { host: string; port: number }): Promise<{ port: number }>;
  counts(): LumberjackCounts & { open: number; heldBytes: number };
  /** Takes no more; what was read is written and acknowledged, for a limited time. */
  close(): Promise<void>;
};

const HOSTILE: ReadonlySet<string> = new Set(["lumberjack_malformed", "lumberjack_slow"]);

/** Dead peers between two windows are found by TCP itself, after this time, milliseconds. */
const TCP_KEEP_ALIVE_MS = 60_000;

/**
 * The place of a Logstash for Beats: a Lumberjack v2 server over TCP, or over TLS where a certificate is given.
 * What is acknowledged is durable in the sink, or in quarantine.
 */
export function createLumberjack(deps: {
  sink: ForeignSink;
  quarantine: Quarantine;
  limits: LumberjackLimits;
  /** With `ca` a sender must show a certificate that it signed. */
  tls?: TlsTexts;
  clock: Clock;
  log: Log;
}): Lumberjack {
  const { sink, quarantine, limits, tls, clock, log } = deps;
  const open = new Map<Socket, Promise<void>>();
  const memory = createMemoryBudget(limits.memory_mb * MB);
  const stopping = new AbortController();
  const givingUp = new AbortController();
  // Every connection listens to both.
  setMaxListeners(0, stopping.signal, givingUp.signal);
  /** With TLS these are open before their handshake, which may never end. */
  const raw = new Set<Socket>();
  const counts: LumberjackCounts = {
    connections: 0,
    refusedConnections: 0,
    windows: 0,
    events: 0,
    stored: 0,
    repeated: 0,
    rejected: 0,
    malformedConnections: 0,
  };

  const serve = async (socket: Socket) => {
    const peer = socket.remoteAddress;
    socket.setNoDelay(true).setKeepAlive(true, TCP_KEEP_ALIVE_MS);
    // Errors of a socket reach its reader; without a listener they would end the program.
    socket.on("error", () => {});
    try {
      const { signal } = stopping;
      const giveUp = givingUp.signal;
      await serveConnection({ socket, sink, quarantine, limits, memory, clock, counts, signal, giveUp });
      socket.end();
    } catch (error) {
      socket.destroy();
      const code = isFault(error) ? error.code : "internal_error";
      const fields = { peer, code, error: messageOf(error) };
      if (HOSTILE.has(code)) {
        counts.malformedConnections += 1;
        log.warn(fields, "A Lumberjack sender was hung up on");
      } else if (code === "lumberjack_cut") log.debug(fields, "A Lumberjack connection broke");
      else log.error(fields, "Lumberjack events could not be stored");
    }
  };
  const onSocket = (socket: Socket) => {
    counts.connections += 1;
    const served = serve(socket).finally(() => open.delete(socket));
    open.set(socket, served);
  };
  const server: Server =
    tls === undefined
      ? createServer(onSocket)
      : createTlsServer(
          {
            ...tls,
            requestCert: tls.ca !== undefined,
            rejectUnauthorized: tls.ca !== undefined,
            minVersion: "TLSv1.2",
            handshakeTimeout: limits.frame_seconds * 1000,
          },
          onSocket,
        );
  server.maxConnections = limits.connections;
  server.on("connection", (socket: Socket) => {
    raw.add(socket);
    socket.once("close", () => raw.delete(socket));
  });
  server.on("drop", () => {
    counts.refusedConnections += 1;
  });
  server.on("tlsClientError", (error, socket) => {
    log.warn({ peer: socket.remoteAddress, error: messageOf(error) }, "A Lumberjack sender failed the TLS handshake");
  });

  return {
    async listen(address) {
      const authenticates = tls?.ca !== undefined;
      checkListenAddress({ host: address.host, authenticates, until: "senders must show a certificate" });
      const listening = Promise.withResolvers<void>();
      server.once("error", listening.reject);
      server.listen(address, listening.resolve);
      await listening.promise.catch((error: unknown) => {
        throw listenFault(error, { ...address, chosenIn: "the configuration" });
      });
      server.off("error", listening.reject);
      const bound = server.address();
      const port = bound !== null && typeof bound === "object" ? bound.port : address.port;
      log.info({ host: address.host, port, tls: tls !== undefined }, "Lumberjack began to listen");
      return { port };
    },
    counts: () => ({ ...counts, open: open.size, heldBytes: memory.held }),
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      stopping.abort();
      const limit = new AbortController();
      const served = Promise.all(open.values());
      await Promise.race([served, sleep(limits.close_seconds * 1000, limit.signal)]);
      limit.abort();
      givingUp.abort();
      for (const socket of [...open.keys(), ...raw]) socket.destroy();
      await served;
      await closed;
    },
  };
}
