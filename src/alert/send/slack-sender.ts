import { z } from "zod";
import { alertText, pageUrl } from "./alert-message.ts";
import type { DeliveryContent } from "./delivery-content.ts";
import { sendHttp } from "./http-send.ts";
import { refused } from "./send-faults.ts";
import { sendToEach } from "./send-to-each.ts";
import type { Message, OpenContent, Sender } from "./sender.ts";
import { cut } from "./words.ts";

const rooms = z.union([z.string().transform((room) => [room]), z.array(z.string())]).default([]);

/** Watcher's `slack` action, rendered; `url` is our own, for a route with a webhook of its own. */
const slack = z.object({
  url: z.string().min(1).optional(),
  message: z
    .object({
      from: z.string().optional(),
      to: rooms,
      text: z.string().optional(),
      icon: z.string().optional(),
      attachments: z.array(z.record(z.string(), z.unknown())).optional(),
    })
    .default({ to: [] }),
});
type Slack = z.output<typeof slack>;

const TIMEOUT_MS = 20_000;
/** Slack cuts a text off at 40000 characters, and takes no more than 100 attachments. */
const MAX_TEXT = 39_000;
const MAX_ATTACHMENTS = 100;
const ROOM_OF_WEBHOOK = "";

/** Actions `slack`, by an incoming webhook: a message a room, or one to the webhook's own where none is named. */
export function createSlackSender(deps: {
  url: string | undefined;
  publicUrl: string | undefined;
  open: OpenContent;
}): Sender {
  const { url: ownUrl, publicUrl } = deps;
  const read = ({ content, delivery }: Message): Slack => {
    const parsed = slack.safeParse(deps.open(content, delivery));
    if (parsed.success) return parsed.data;
    const issue = parsed.error.issues[0];
    throw refused(`The message for Slack cannot be sent: ${issue?.path.join(".") || "it"}: ${issue?.message}`);
  };
  const place = (content: DeliveryContent): string => {
    if (content.route !== undefined) return content.route;
    const parsed = slack.safeParse(content.action);
    const to = parsed.success ? parsed.data.message.to : [];
    return to.length === 0 ? "slack" : `slack ${to.join(", ")}`;
  };
  return {
    configured: (content) => ownUrl !== undefined || "url" in content.action,
    place,
    forPeople: () => true,
    atOnce: () => 1,
    send(message) {
      const asked = read(message);
      const url = asked.url ?? ownUrl;
      if (url === undefined) throw refused("No webhook of Slack is configured");
      const { to } = asked.message;
      return sendToEach({
        recipients: to.length === 0 ? [ROOM_OF_WEBHOOK] : to,
        content: message.content,
        send: (room) =>
          sendHttp({
            place: place(message.content),
            url,
            method: "POST",
            headers: { "content-type": "application/json" },
            body: JSON.stringify(bodyOf({ asked, message, room, publicUrl })),
            timeoutMs: TIMEOUT_MS,
            idempotencyKey: room === ROOM_OF_WEBHOOK ? message.delivery.id : `${message.delivery.id}/${room}`,
            nowMs: message.nowMs,
            signal: message.signal,
          }),
      });
    },
  };
}

function bodyOf(input: { asked: Slack; message: Message; room: string; publicUrl: string | undefined }): object {
  const { asked, message, room, publicUrl } = input;
  const { from, icon, text, attachments } = asked.message;
  const said = message.content.message?.text ?? text ?? (attachments === undefined ? ownText(message, publicUrl) : "");
  return {
    ...(room === ROOM_OF_WEBHOOK ? {} : { channel: room }),
    ...(from === undefined ? {} : { username: from }),
    ...(icon === undefined ? {} : /^https?:/.test(icon) ? { icon_url: icon } : { icon_emoji: icon }),
    text: cut(message.content.message === undefined ? said : escapeSlack(said), MAX_TEXT),
    ...(attachments === undefined ? {} : { attachments: attachments.slice(0, MAX_ATTACHMENTS) }),
  };
}

/** What an alert says where the action has no words of its own. */
function ownText({ delivery, content, nowMs, insteadOf }: Message, publicUrl: string | undefined): string {
  const { alert } = content;
  if (alert === undefined) return "";
  const decidedMs = delivery.decided_ms;
  const text = alertText({ alert, stage: delivery.stage ?? "new", decidedMs, nowMs, insteadOf });
  const page = pageUrl(alert, publicUrl);
  return `${escapeSlack(text)}${page === undefined ? "" : `\n<${escapeSlack(page)}|Page>`}`;
}

/** Slack's three control characters: what strangers wrote can neither link nor call anybody. */
function escapeSlack(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
