import type { SendMailOptions } from "nodemailer";
import { z } from "zod";
import { escapeHtml } from "../../lib/escape-html.ts";
import { alertMessage, lateWords } from "./alert-message.ts";
import { type DeliveryContent, deliveryIdOf, letterOf } from "./delivery-content.ts";
import { tameHtml } from "./html.ts";
import { LINK_LIFETIME_MS } from "./links.ts";
import { drawMetric } from "./picture.ts";
import { refused } from "./send-faults.ts";
import type { Message } from "./sender.ts";
import { oneLine, plainText } from "./words.ts";

const people = z
  .union([z.string().transform((list) => list.split(",")), z.array(z.string())])
  .transform((list) => list.map((one) => one.trim()).filter((one) => one !== ""))
  .optional();
const body = z.union([
  z.string().transform((text) => ({ text, html: undefined })),
  z.object({ text: z.string().optional(), html: z.string().optional() }),
]);

/** Watcher's `email` action, rendered. */
const email = z.object({
  to: people,
  cc: people,
  bcc: people,
  reply_to: people,
  subject: z.string().optional(),
  body: body.optional(),
  priority: z
    .string()
    .toLowerCase()
    .pipe(z.enum(["lowest", "low", "normal", "high", "highest"]))
    .optional()
    .catch(undefined),
});
export type Email = z.output<typeof email>;

/** Throws `delivery_refused` for what is no e-mail. */
export function readEmail(action: unknown): Email {
  const read = email.safeParse(action);
  if (read.success) return read.data;
  const issue = read.error.issues[0];
  throw refused(`The e-mail cannot be sent: ${issue?.path.join(".") || "it"}: ${issue?.message}`);
}

export type Recipients = { to: readonly string[]; cc: readonly string[]; bcc: readonly string[] };

/** Links for one recipient. */
export type MailLinks = { acknowledge?: string | undefined; unsubscribe?: string | undefined };

const MAX_SUBJECT = 250;
const MAX_BODY = 200_000;
const PICTURE = "metric.png";

/** The mail of a delivery for one of its recipients. */
export function composeMail(input: {
  message: Message;
  asked: Email;
  from: string;
  recipients: Recipients;
  recipient: string;
  publicUrl: string | undefined;
  links: MailLinks;
}): SendMailOptions {
  const { message, asked, from, recipients, recipient, links } = input;
  const { delivery, content } = message;
  const domain = domainOf(from);
  const picture = pictureOf(content, domain);
  const { subject, text, html } = wordsOf({ ...input, picture });
  const thread = delivery.alert === null ? undefined : firstIdOf(delivery.alert, delivery.action);
  const isFirst = thread === undefined || thread === delivery.id;
  const severity = content.alert?.severity;
  return {
    envelope: { from: addressOf(from), to: [addressOf(recipient)] },
    from,
    to: [...recipients.to],
    ...(recipients.cc.length === 0 ? {} : { cc: [...recipients.cc] }),
    ...(asked.reply_to === undefined ? {} : { replyTo: asked.reply_to }),
    subject: oneLine(subject, MAX_SUBJECT),
    text,
    ...(html === undefined ? {} : { html }),
    date: new Date(delivery.decided_ms),
    messageId: messageIdOf(delivery.id, domain),
    ...(isFirst ? {} : { inReplyTo: messageIdOf(thread, domain), references: [messageIdOf(thread, domain)] }),
    priority: priorityOf(asked.priority ?? (severity === "critical" || severity === "emergency" ? "high" : "normal")),
    headers: {
      "Auto-Submitted": "auto-generated",
      "X-Auto-Response-Suppress": "All",
      "List-Id": `<${listName(delivery.watch)}.ethmon.${domain}>`,
      ...(links.unsubscribe === undefined ? {} : unsubscribeHeaders(links.unsubscribe)),
    },
    ...(picture === undefined
      ? {}
      : { attachments: [{ filename: PICTURE, content: picture.png, cid: picture.cid, contentDisposition: "inline" }] }),
  };
}

/** RFC 2369; RFC 8058 allows one click over HTTPS alone. */
function unsubscribeHeaders(url: string): Record<string, string> {
  return {
    "List-Unsubscribe": `<${url}>`,
    ...(url.startsWith("https:") ? { "List-Unsubscribe-Post": "List-Unsubscribe=One-Click" } : {}),
  };
}

function wordsOf(input: {
  message: Message;
  asked: Email;
  publicUrl: string | undefined;
  links: MailLinks;
  picture: Picture | undefined;
}): { subject: string; text: string; html: string | undefined } {
  const { message, asked, publicUrl, links, picture } = input;
  const { delivery, content, nowMs, insteadOf } = message;
  if (content.message !== undefined) return withFoot(content.message, footOf(message, links));
  const ofAlert =
    content.alert === undefined
      ? undefined
      : alertMessage({
          alert: content.alert,
          stage: delivery.stage ?? "new",
          decidedMs: delivery.decided_ms,
          nowMs,
          publicUrl,
          links: hasLink(links) ? { ...links, untilMs: nowMs + LINK_LIFETIME_MS } : undefined,
          picture: picture === undefined ? undefined : { cid: picture.cid, series: picture.series },
          insteadOf,
        });
  if (ofAlert !== undefined && asked.body === undefined)
    return { ...ofAlert, subject: asked.subject ?? ofAlert.subject };
  const { text, html } = asked.body ?? { text: undefined, html: undefined };
  const own = {
    subject: asked.subject ?? ofAlert?.subject ?? "",
    text: plainText(text ?? (html === undefined ? "" : textOfHtml(html)), MAX_BODY),
    html: html === undefined ? undefined : tameHtml(html.slice(0, MAX_BODY)),
  };
  return withFoot(own, footOf(message, links));
}

function withFoot<W extends { text: string; html: string | undefined; subject: string }>(words: W, foot: string[]): W {
  if (foot.length === 0) return words;
  return {
    ...words,
    text: `${words.text.trimEnd()}\n\n${foot.join("\n")}\n`,
    html:
      words.html === undefined
        ? undefined
        : `${words.html}\n<p style="font-size:13px;color:#5a5a5a">${foot.map(escapeHtml).join("<br>\n")}</p>\n`,
  };
}

/** What stands below words that are not made from an alert. */
function footOf({ delivery, insteadOf, nowMs }: Message, links: MailLinks): string[] {
  const late = lateWords({ decidedMs: delivery.decided_ms, nowMs });
  return [
    ...(insteadOf === undefined ? [] : [insteadOf]),
    ...(late === undefined ? [] : [late]),
    ...(links.acknowledge === undefined ? [] : [`Acknowledge: ${links.acknowledge}`]),
    ...(links.unsubscribe === undefined ? [] : [`No more mail of this rule to me: ${links.unsubscribe}`]),
  ];
}

const hasLink = ({ acknowledge, unsubscribe }: MailLinks) => acknowledge !== undefined || unsubscribe !== undefined;

type Picture = { cid: string; png: Buffer; series: NonNullable<DeliveryContent["metric"]> };

function pictureOf({ metric }: DeliveryContent, domain: string): Picture | undefined {
  const png = metric === undefined ? undefined : drawMetric(metric);
  return metric === undefined || png === undefined ? undefined : { cid: `metric@${domain}`, png, series: metric };
}

/** What a mail that has only HTML says where that is not shown. */
function textOfHtml(html: string): string {
  return html
    .slice(0, MAX_BODY)
    .replace(/<(style|script)\b[\s\S]*?<\/\1\s*>/gi, "")
    .replace(/<\/?(?:p|div|br|tr|li|h[1-6]|table|ul|ol)\b[^>]*>/gi, "\n")
    .replace(/<[^>]*>/g, "")
    .replace(/&lt;/g, "<")
    .replace(/&gt;/g, ">")
    .replace(/&quot;/g, '"')
    .replace(/&#39;|&apos;/g, "'")
    .replace(/&nbsp;/g, " ")
    .replace(/&amp;/g, "&")
    .replace(/\n{3,}/g, "\n\n")
    .trim();
}

function priorityOf(asked: NonNullable<Email["priority"]>): "high" | "normal" | "low" {
  if (asked === "high" || asked === "highest") return "high";
  return asked === "low" || asked === "lowest" ? "low" : "normal";
}

/** `a@b` of `Name <a@b>`. */
export function addressOf(person: string): string {
  return /<([^<>]*)>\s*$/.exec(person)?.[1] ?? person.trim();
}

function domainOf(from: string): string {
  const domain = /@([A-Za-z0-9.-]+)$/.exec(addressOf(from))?.[1];
  return domain ?? "ethmon.invalid";
}

/** What people may sort their mail by. */
function listName(watch: string): string {
  return /^[A-Za-z0-9_-]{1,63}$/.test(watch) ? watch : letterOf(watch);
}

function messageIdOf(deliveryId: string, domain: string): string {
  return `<ethmon.${letterOf(deliveryId)}@${domain}>`;
}

function firstIdOf(alert: string, action: string): string {
  return deliveryIdOf({ alert, action, number: 0 });
}
