import { z } from "zod";
import type { JsonObject } from "../../events/foreign.ts";
import type { DeliveryContent } from "./delivery-content.ts";
import { sendHttp } from "./http-send.ts";
import { nameSecrets } from "./secrets.ts";
import { refused } from "./send-faults.ts";
import type { Message, Sender } from "./sender.ts";
import { utcWords } from "./words.ts";

const text = z.union([z.string(), z.number(), z.boolean()]).transform(String);
const texts = z.record(z.string(), text);

/** Watcher's `webhook` action, rendered. */
const webhook = z.object({
  url: z.string().min(1).optional(),
  scheme: z.enum(["http", "https"]).default("http"),
  host: z.string().min(1).optional(),
  port: z.coerce.number().int().min(1).max(65_535).optional(),
  path: z.string().default("/"),
  method: z
    .string()
    .regex(/^(?:get|head|post|put|patch|delete)$/i, "must be one of HTTP's")
    .default("get"),
  headers: texts.default({}),
  params: texts.default({}),
  auth: z.object({ basic: z.object({ username: z.string(), password: z.string().default("") }) }).optional(),
  body: z.string().optional(),
  connection_timeout: z.string().optional(),
  read_timeout: z.string().optional(),
});
type Webhook = z.output<typeof webhook>;

/** Watcher's own: ten seconds to connect and ten to read. */
const DEFAULT_PART_MS = 10_000;
const MAX_TIMEOUT_MS = 300_000;
const AT_ONCE = 4;

export type BasicAuth = { username: string; password: string };

/** Actions `webhook`. Contents hold no passwords: `authOf` knows those of watches, `open` puts in those of routes. */
export function createWebhookSender(deps: {
  authOf(watch: string, action: string): BasicAuth | undefined;
  open(content: DeliveryContent): JsonObject;
}): Sender {
  return {
    configured: () => true,
    place: placeOf,
    forPeople: ({ route }) => route !== undefined,
    atOnce: ({ route }) => (route === undefined ? AT_ONCE : 1),
    async send(message) {
      const place = placeOf(message.content);
      const read = webhook.safeParse(deps.open(message.content));
      if (!read.success) {
        const issue = read.error.issues[0];
        throw refused(`The webhook cannot be sent: ${issue?.path.join(".") || "it"}: ${issue?.message}`);
      }
      await sendHttp(requestOf({ asked: read.data, message, place, authOf: deps.authOf }));
      return {};
    },
  };
}

/** A route's action by its name; of a watch's the server, never its path or a token in it. */
function placeOf({ route, action }: DeliveryContent): string {
  if (route !== undefined) return route;
  const read = webhook.safeParse(nameSecrets(action));
  try {
    return read.success ? urlOf(read.data).origin : "webhook";
  } catch {
    return "webhook";
  }
}

function requestOf(input: {
  asked: Webhook;
  message: Message;
  place: string;
  authOf(watch: string, action: string): BasicAuth | undefined;
}) {
  const { asked, message, place } = input;
  const { delivery, nowMs, signal } = message;
  const { headers, body } = asked;
  const url = parsedUrl(asked, place);
  const auth = asked.auth?.basic ?? input.authOf(delivery.watch, delivery.action);
  const method = asked.method.toUpperCase();
  if (body !== undefined && (method === "GET" || method === "HEAD")) {
    throw refused(`The webhook to ${place} cannot be sent: ${method} has no body, "method" must be post or put`);
  }
  return {
    place,
    url: url.href,
    method,
    headers: {
      "ethmon-decided-at": utcWords(delivery.decided_ms),
      ...(body === undefined ? {} : { "content-type": contentType(body) }),
      ...(auth === undefined ? {} : { authorization: basic(auth) }),
      ...Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value])),
    },
    body,
    timeoutMs: Math.min(MAX_TIMEOUT_MS, partMs(asked.connection_timeout) + partMs(asked.read_timeout)),
    idempotencyKey: delivery.id,
    nowMs,
    signal,
  };
}

function parsedUrl(asked: Webhook, place: string): URL {
  let url: URL;
  try {
    url = urlOf(asked);
  } catch {
    throw refused(`The webhook to ${place} cannot be sent: its address is none`);
  }
  if (url.protocol !== "http:" && url.protocol !== "https:") {
    throw refused(`The webhook to ${place} cannot be sent: its address must begin with http:// or https://`);
  }
  return url;
}

function urlOf({ url: whole, scheme, host, port, path, params }: Webhook): URL {
  if (whole === undefined && host === undefined) throw new TypeError("neither url nor host");
  const bracketed = host?.includes(":") && !host.startsWith("[") ? `[${host}]` : host;
  const url = new URL(whole ?? `${scheme}://${bracketed}${port === undefined ? "" : `:${port}`}`);
  if (whole === undefined) {
    const [pathname = "", query = ""] = path.split("?", 2);
    url.pathname = pathname;
    url.search = query;
  }
  for (const [name, value] of Object.entries(params)) url.searchParams.append(name, value);
  return url;
}

function basic({ username, password }: BasicAuth): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`;
}

function contentType(body: string): string {
  return /^\s*[{[]/.test(body) ? "application/json" : "text/plain; charset=utf-8";
}

const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000 };

function partMs(told: string | undefined): number {
  const [, count, unit = ""] = /^(\d{1,9})(ms|s|m)$/.exec(told ?? "") ?? [];
  return count === undefined ? DEFAULT_PART_MS : Number(count) * (UNIT_MS[unit] ?? 1);
}
