import { once } from "node:events";
import { Agent, createServer, request } from "node:http";
import type { AddressInfo } from "node:net";

export type Passed = { bulkRequests: number; bulkBytes: number };

/** Stands before a cluster, counts its `_bulk` requests, and makes it unreachable and reachable again. */
export type Gate = {
  url: string;
  passed(): Passed;
  shut(): void;
  open(): void;
  /** Settles when the cluster has answered the next `_bulk`. */
  nextBulk(): Promise<void>;
  close(): Promise<void>;
};

export async function openGate(engineUrl: string): Promise<Gate> {
  const { hostname, port } = new URL(engineUrl);
  const agent = new Agent({ keepAlive: true });
  const count: Passed = { bulkRequests: 0, bulkBytes: 0 };
  const waiting = new Set<() => void>();
  let isOpen = true;
  const server = createServer((asked, answer) => {
    if (!isOpen) {
      asked.socket.destroy();
      return;
    }
    const isBulk = asked.url?.startsWith("/_bulk") === true;
    const { method, url: path, headers } = asked;
    const passed = request({ agent, hostname, port, method, path, headers }, (told) => {
      answer.writeHead(told.statusCode ?? 502, told.headers);
      told.pipe(answer);
      if (!isBulk) return;
      count.bulkRequests += 1;
      for (const resolve of waiting) resolve();
      waiting.clear();
    });
    passed.once("error", () => answer.destroy());
    if (isBulk) {
      asked.on("data", (chunk: Buffer) => {
        count.bulkBytes += chunk.length;
      });
    }
    asked.pipe(passed);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    passed: () => ({ ...count }),
    shut() {
      isOpen = false;
      server.closeAllConnections();
    },
    open() {
      isOpen = true;
    },
    nextBulk: () => new Promise((resolve) => waiting.add(resolve)),
    async close() {
      server.closeAllConnections();
      server.close();
      agent.destroy();
      await once(server, "close");
    },
  };
}
