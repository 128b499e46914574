import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export type ReceivedRequest = {
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
};

export type HttpReceiver = {
  url: string;
  port: number;
  /** Each request that came whole, whatever was answered. */
  requests: ReceivedRequest[];
  /** Says what is answered; without it 200. A status of 0 never answers. */
  answer: ((request: ReceivedRequest) => Answer | undefined) | undefined;
  stop(): Promise<void>;
};

export type Answer = { status: number; headers?: Record<string, string>; body?: string };

/** A real HTTP server on loopback that keeps what it is sent. */
export async function startReceiver(port = 0): Promise<HttpReceiver> {
  const hanging: ServerResponse[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const received: ReceivedRequest = {
      method: request.method ?? "",
      path: request.url ?? "",
      headers: request.headers,
      body: Buffer.concat(chunks).toString("utf8"),
    };
    receiver.requests.push(received);
    const { status, headers, body } = receiver.answer?.(received) ?? { status: 200 };
    if (status === 0) return hanging.push(response);
    return response.writeHead(status, headers).end(body);
  });
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  const taken = (server.address() as AddressInfo).port;
  const receiver: HttpReceiver = {
    url: `http://127.0.0.1:${taken}`,
    port: taken,
    requests: [],
    answer: undefined,
    stop: () =>
      new Promise((resolve) => {
        for (const response of hanging) response.destroy();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return receiver;
}
