import { request } from "node:http";
import { text } from "node:stream/consumers";

/** A request with exactly these headers, `Host` and `Origin` included. */
export async function rawRequest(
  url: string,
  input: { method?: string; path?: string; headers: Record<string, string>; body?: string },
): Promise<{ status: number | undefined; headers: NodeJS.Dict<string | string[]>; body: unknown }> {
  const { method = "GET", path = "/", headers, body } = input;
  const { hostname, port } = new URL(url);
  const { promise, resolve, reject } = Promise.withResolvers<import("node:http").IncomingMessage>();
  const length = body === undefined ? {} : { "content-length": String(Buffer.byteLength(body)) };
  const sent = request({ hostname, port, path, method, headers: { ...headers, ...length }, setHost: false }, resolve);
  sent.on("error", reject);
  sent.end(body);
  const response = await promise;
  const answer = await text(response);
  const isJson = response.headers["content-type"]?.includes("json") ?? false;
  return { status: response.statusCode, headers: response.headers, body: isJson ? JSON.parse(answer) : answer };
}
