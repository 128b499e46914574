import { z } from "zod";
import type { DeliveryContent } from "./delivery-content.ts";
import { sendHttp } from "./http-send.ts";
import { nameSecrets } from "./secrets.ts";
import { refused } from "./send-faults.ts";
import type { Message, OpenContent, Sender } from "./sender.ts";

const text = z.union([z.string(), z.number(), z.boolean()]).transform(String);
const texts = z.record(z.string(), text);
/** Watcher's own: ten seconds to connect and ten to read. */
const partMs = z.number().positive().default(10_000);

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
  auth: z.object({ basic: z.object({ username: z.string(), password: z.string() }) }).optional(),
  body: z.string().optional(),
  connection_timeout_in_millis: partMs,
  read_timeout_in_millis: partMs,
});
type Webhook = z.output<typeof webhook>;

const MAX_TIMEOUT_MS = 300_000;
const AT_ONCE = 4;

/** Actions `webhook`. Those of watches are for machines; of a route's the configuration tells. */
export function createWebhookSender(deps: { open: OpenContent; isForPeople(route: string): boolean }): Sender {
  return {
    configured: () => true,
    place: placeOf,
    forPeople: ({ route }) => route !== undefined && deps.isForPeople(route),
    atOnce: ({ route }) => (route === undefined ? AT_ONCE : 1),
    async send(message) {
      const place = placeOf(message.content);
      const read = webhook.safeParse(deps.open(message.content, message.delivery));
      if (!read.success) {
        const issue = read.error.issues[0];
        throw refused(`The webhook cannot be sent: ${issue?.path.join(".") || "it"}: ${issue?.message}`);
      }
      await sendHttp(requestOf({ asked: read.data, message, place }));
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

function requestOf(input: { asked: Webhook; message: Message; place: string }) {
  const { asked, message, place } = input;
  const { delivery, nowMs, signal } = message;
  const { headers, body } = asked;
  const url = parsedUrl(asked, place);
  const auth = asked.auth?.basic;
  const method = asked.method.toUpperCase();
  if (body !== undefined && (method === "GET" || method === "HEAD")) {
    throw refused(`The webhook to ${place} cannot be sent: ${method} has no body, "method" must be post or put`);
  }
  return {
    place,
    url: url.href,
    method,
    headers: {
      "ethmon-decided-at": new Date(delivery.decided_ms).toISOString(),
      ...(body === undefined ? {} : { "content-type": contentType(body) }),
      ...(auth === undefined ? {} : { authorization: basic(auth) }),
      ...Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value])),
    },
    body,
    timeoutMs: Math.min(MAX_TIMEOUT_MS, asked.connection_timeout_in_millis + asked.read_timeout_in_millis),
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
  if (url.username !== "" || url.password !== "") {
    throw refused(`The webhook to ${place} cannot be sent: its address may hold no user and password, use auth`);
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

function basic({ username, password }: { username: string; password: string }): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`;
}

function contentType(body: string): string {
  return /^\s*[{[]/.test(body) ? "application/json" : "text/plain; charset=utf-8";
}
