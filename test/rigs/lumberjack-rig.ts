import { type LumberjackLimits, lumberjackLimitsSchema } from "../../src/collect/lumberjack/limits.ts";
import { createLumberjack, type Lumberjack } from "../../src/collect/lumberjack/server.ts";
import type { ForeignReject } from "../../src/events/foreign.ts";
import { systemClock } from "../../src/lib/clock.ts";
import { silentLog } from "../../src/lib/log.ts";
import type { TlsTexts } from "../../src/lib/tls-files.ts";
import { connectLumberjack, jsonFrame, type LumberjackClient } from "./lumberjack-client.ts";
import { createMemorySink, type MemorySink } from "./memory-sink.ts";

export type LumberjackRig = {
  sink: MemorySink;
  rejects: ForeignReject[];
  server: Lumberjack;
  port: number;
  connect(tls?: Parameters<typeof connectLumberjack>[1]): Promise<LumberjackClient>;
  close(): Promise<void>;
};

/** A Lumberjack server on a free port, over a sink in memory. */
export async function startLumberjackRig(
  options: { limits?: Partial<LumberjackLimits>; tls?: TlsTexts } = {},
): Promise<LumberjackRig> {
  const sink = createMemorySink();
  const rejects: ForeignReject[] = [];
  const clients: LumberjackClient[] = [];
  const server = createLumberjack({
    sink,
    quarantine: async (rejected) => void rejects.push(...rejected),
    limits: lumberjackLimitsSchema.parse(options.limits ?? {}),
    ...(options.tls === undefined ? {} : { tls: options.tls }),
    clock: systemClock(),
    log: silentLog,
  });
  const { port } = await server.listen({ host: "127.0.0.1", port: 0 });
  return {
    sink,
    rejects,
    server,
    port,
    async connect(tls) {
      const client = await connectLumberjack(port, tls);
      clients.push(client);
      return client;
    },
    async close() {
      for (const { socket } of clients) socket.destroy();
      await server.close();
    },
  };
}

export const metadata = { beat: "filebeat", type: "_doc", version: "9.2.0" };

/** An event as Filebeat sends it, with a number. */
export const event = (n: number) => ({
  "@timestamp": "2026-11-28T00:00:00.000Z",
  "@metadata": metadata,
  message: `line ${n}`,
});

/** Frames of the events `from` to `to`, their sequence numbers from 1. */
export const events = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, at) => jsonFrame(at + 1, event(from + at)));
