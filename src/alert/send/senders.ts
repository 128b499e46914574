import type { ForeignSink } from "../../events/foreign.ts";
import type { Log } from "../../lib/log.ts";
import type { ChannelView } from "../desk.ts";
import type { AlertSettings } from "../schema.ts";
import type { ActionKind } from "../watch.ts";
import type { DeliveryContent } from "./delivery-content.ts";
import type { EmailAccount } from "./email-account.ts";
import { createEmailSender } from "./email-sender.ts";
import { createIndexSender } from "./index-sender.ts";
import type { LinkKey } from "./links.ts";
import { createLoggingSender } from "./logging-sender.ts";
import type { Routes } from "./routes.ts";
import { refused } from "./send-faults.ts";
import type { Sender } from "./sender.ts";
import { createSlackSender } from "./slack-sender.ts";
import type { Unsubscribed } from "./unsubscribed.ts";
import { type BasicAuth, createWebhookSender } from "./webhook-sender.ts";

export type Senders = Readonly<Record<ActionKind, Sender>>;

/** One sender a kind of action, as it is configured. */
export function createSenders(deps: {
  settings: Pick<AlertSettings, "slack" | "public_url">;
  account: EmailAccount | undefined;
  routes: Routes;
  linkKey: LinkKey;
  unsubscribed: Pick<Unsubscribed, "has">;
  write: ForeignSink["write"];
  /** The login of a watch's webhook, which is in no content. */
  authOf(watch: string, action: string): BasicAuth | undefined;
  log: Log;
}): Senders {
  const { settings, account, routes, linkKey, unsubscribed, write, authOf, log } = deps;
  const publicUrl = settings.public_url;
  const open = (content: DeliveryContent) => {
    if (content.route === undefined) return content.action;
    const action = routes.named(content.route);
    if (action === undefined) throw refused(`The configuration has no action ${content.route} any more`);
    return action.open(content);
  };
  return {
    email: createEmailSender({ account, publicUrl, linkKey, unsubscribed, open }),
    webhook: createWebhookSender({ authOf, open }),
    slack: createSlackSender({ url: settings.slack?.url, publicUrl, open }),
    index: createIndexSender(write),
    logging: createLoggingSender(log),
  };
}

/** The channels that are configured, or could be, before anything was sent by them. */
export function knownChannels(
  settings: Pick<AlertSettings, "email" | "slack">,
  routes: Routes,
): Pick<ChannelView, "kind" | "name" | "configured">[] {
  return [
    { kind: "email", name: "email", configured: settings.email !== undefined },
    { kind: "slack", name: "slack", configured: settings.slack !== undefined },
    ...routes.all().map(({ kind, name }) => ({ kind, name, configured: true })),
  ];
}
