import { Agent, request } from "node:http";
import type { JsonObject } from "./documents/day.ts";

/** Asks one store over connections that stay open. Both throw where the answer is no success, with its beginning. */
export type Client = {
  ask(method: string, path: string, body?: string): Promise<string>;
  json(method: string, path: string, body?: JsonObject): Promise<JsonObject>;
  close(): void;
};

const TYPES = { bulk: "application/x-ndjson", other: "application/json" };

export function createClient(url: string): Client {
  const agent = new Agent({ keepAlive: true });
  const ask: Client["ask"] = (method, path, body) =>
    new Promise((resolve, reject) => {
      const type = path.includes("_bulk") ? TYPES.bulk : TYPES.other;
      const headers = body === undefined ? {} : { "content-type": type, "content-length": Buffer.byteLength(body) };
      const sent = request(`${url}${path}`, { method, agent, headers }, (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.once("error", reject);
        response.once("end", () => {
          const text = Buffer.concat(chunks).toString("utf8");
          const status = response.statusCode ?? 0;
          if (status >= 200 && status < 300) resolve(text);
          else reject(new Error(`${method} ${path} was answered with ${status}: ${text.slice(0, 500)}`));
        });
      });
      sent.once("error", reject);
      sent.end(body);
    });
  return {
    ask,
    json: async (method, path, body) =>
      JSON.parse(await ask(method, path, body === undefined ? undefined : JSON.stringify(body))) as JsonObject,
    close: () => agent.destroy(),
  };
}
