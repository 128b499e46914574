import type { DeliveryRecord } from "../../events/alert-records.ts";
import type { ForeignSink, JsonObject } from "../../events/foreign.ts";
import { isJsonObject } from "../../events/json-object.ts";
import type { Log } from "../../lib/log.ts";
import type { ChannelView } from "../desk.ts";
import type { AlertSettings } from "../schema.ts";
import type { ActionKind } from "../watch.ts";
import { restoreSecrets } from "../watch-secrets.ts";
import type { EmailAccount } from "./email-account.ts";
import { createEmailSender } from "./email-sender.ts";
import { createIndexSender } from "./index-sender.ts";
import type { LinkKey } from "./links.ts";
import { createLoggingSender } from "./logging-sender.ts";
import type { Routes } from "./routes.ts";
import { refused } from "./send-faults.ts";
import type { OpenContent, Sender } from "./sender.ts";
import { createSlackSender } from "./slack-sender.ts";
import type { Unsubscribed } from "./unsubscribed.ts";
import { createWebhookSender } from "./webhook-sender.ts";

export type Senders = Readonly<Record<ActionKind, Sender>>;

/** One sender a kind of action, as it is configured. */
export function createSenders(deps: {
  settings: Pick<AlertSettings, "slack" | "public_url">;
  account: EmailAccount | undefined;
  routes: Routes;
  linkKey: LinkKey;
  unsubscribed: Pick<Unsubscribed, "has">;
  write: ForeignSink["write"];
  /** A watch as it was put: its passwords are in no content. */
  watchSource(id: string): JsonObject | undefined;
  log: Log;
}): Senders {
  const { settings, account, routes, linkKey, unsubscribed, write, watchSource, log } = deps;
  const publicUrl = settings.public_url;
  const open: OpenContent = (content, delivery) => {
    try {
      const action = content.route === undefined ? undefined : routes.named(content.route);
      if (action !== undefined) return action.open(content);
      if (content.route === undefined) return withPasswords(content.action, watchSource(delivery.watch), delivery);
    } catch {
      throw refused(passwordGone(delivery, watchSource(delivery.watch) !== undefined));
    }
    throw refused(`The configuration has no action ${content.route} any more`);
  };
  return {
    email: createEmailSender({ account, publicUrl, linkKey, unsubscribed, open }),
    webhook: createWebhookSender({ open, isForPeople: (route) => routes.named(route)?.summarised ?? false }),
    slack: createSlackSender({ url: settings.slack?.url, publicUrl, open }),
    index: createIndexSender(write),
    logging: createLoggingSender(log),
  };
}

/** What was left out of a content is in its watch, at the same place. */
function withPasswords(
  content: JsonObject,
  watch: JsonObject | undefined,
  { action, kind }: Pick<DeliveryRecord, "action" | "kind">,
): JsonObject {
  const { actions } = watch ?? {};
  const source = isJsonObject(actions) ? actions[action] : undefined;
  const body = isJsonObject(source) ? source[kind] : undefined;
  return restoreSecrets(content, isJsonObject(body) ? body : undefined);
}

function passwordGone({ watch, action }: DeliveryRecord, hasWatch: boolean): string {
  const why = hasWatch ? `the rule ${watch} was changed` : `the rule ${watch} was deleted`;
  return `The action ${action} can no longer log in, since ${why} before this message could be sent`;
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
