import type { JsonObject } from "../../events/foreign.ts";
import type { EmailAccount } from "./email-account.ts";
import { addressOf, composeMail, type Email, type MailLinks, type Recipients, readEmail } from "./email-message.ts";
import { type LinkKey, signLink } from "./links.ts";
import { refused, theirWords } from "./send-faults.ts";
import { sendToEach } from "./send-to-each.ts";
import type { Message, OpenContent, Sender } from "./sender.ts";
import type { Unsubscribed } from "./unsubscribed.ts";

/** A mail to more people than this is a list's business. */
const MAX_RECIPIENTS = 50;

/**
 * Actions `email`. Each recipient gets a mail of its own, whose links are signed for that address; all of them see whom
 * else it was sent to.
 */
export function createEmailSender(deps: {
  /** Undefined where none is configured. */
  account: EmailAccount | undefined;
  publicUrl: string | undefined;
  linkKey: LinkKey;
  unsubscribed: Pick<Unsubscribed, "has">;
  open: OpenContent;
}): Sender {
  const { account, publicUrl, linkKey, unsubscribed } = deps;
  const linksFor = ({ delivery, nowMs }: Message, recipient: string): MailLinks => {
    if (publicUrl === undefined) return {};
    const by = addressOf(recipient);
    const sign = (deed: Parameters<typeof signLink>[0]["deed"]) => signLink({ key: linkKey, publicUrl, deed, nowMs });
    return {
      unsubscribe: sign({ kind: "unsubscribe", address: by, rule: delivery.watch }),
      ...(delivery.alert === null || delivery.stage === "over"
        ? {}
        : { acknowledge: sign({ kind: "acknowledge", alert: delivery.alert, by }) }),
    };
  };

  return {
    configured({ action }) {
      const asked = tryRead(action);
      return account !== undefined && (asked === undefined || everybody(recipientsOf(asked, account)).length > 0);
    },
    place: ({ route }) => route ?? "email",
    recipients({ action }) {
      const asked = tryRead(action);
      if (asked === undefined || account === undefined) return [];
      return everybody(recipientsOf(asked, account)).map(addressOf);
    },
    forPeople: () => true,
    atOnce: () => 1,
    async send(message) {
      if (account === undefined) throw refused("No account for e-mail is configured");
      const asked = readEmail(deps.open(message.content, message.delivery));
      const recipients = recipientsOf(asked, account);
      const all = everybody(recipients);
      if (all.length > MAX_RECIPIENTS) throw refused(`A mail to more than ${MAX_RECIPIENTS} people is not sent`);
      const rule = message.delivery.watch;
      const wanting = all.filter((person) => !unsubscribed.has({ address: addressOf(person), rule }));
      if (wanting.length === 0) return { unwanted: true, note: "Everybody has unsubscribed from this rule." };
      return sendToEach({
        recipients: wanting,
        content: message.content,
        async send(recipient) {
          if (!isAddress(addressOf(recipient))) throw refused(`${theirWords(recipient)} is no address`);
          const links = linksFor(message, recipient);
          const mail = composeMail({ message, asked, from: account.from, recipients, recipient, publicUrl, links });
          await account.send(mail, message.signal);
        },
      });
    },
  };
}

function tryRead(action: JsonObject): Email | undefined {
  try {
    return readEmail(action);
  } catch {
    return undefined;
  }
}

/** Whom the action names; where it names nobody, the account's own. */
function recipientsOf(asked: Email, account: EmailAccount): Recipients {
  const named = namedBy(asked);
  return everybody(named).length === 0 ? { ...named, to: account.to } : named;
}

function namedBy({ to = [], cc = [], bcc = [] }: Email): Recipients {
  return { to, cc, bcc };
}

function isAddress(address: string): boolean {
  return /^[^\s<>@,;\p{Cc}]+@[^\s<>@,;\p{Cc}]+$/u.test(address);
}

/** Each address once. */
function everybody({ to, cc, bcc }: Recipients): string[] {
  const byAddress = new Map([...to, ...cc, ...bcc].map((person) => [addressOf(person).toLowerCase(), person]));
  return [...byAddress.values()];
}
