import type { DeliveryRecord } from "../../events/alert-records.ts";
import type { Json } from "../../events/document.ts";
import { alertLine } from "./alert-message.ts";
import type { DeliveryContent } from "./delivery-content.ts";
import { nameSecrets } from "./secrets.ts";
import { oneLine } from "./words.ts";

const MAX_LINE = 240;

/** What a message is about, in one line: for a summary or another channel. */
export function contentLine({ record, content }: { record: DeliveryRecord; content: DeliveryContent }): string {
  if (content.alert !== undefined) return alertLine(content.alert, record.stage ?? undefined);
  const words = oneLine(content.message?.subject ?? contentText(content), MAX_LINE);
  return `${record.watch}: ${words === "" ? `action ${record.action}` : words}`;
}

/** The texts that an action of a plain watch would have sent. */
export function contentText(content: DeliveryContent): string {
  if (content.message !== undefined) return content.message.text;
  const { subject, body, message, text } = nameSecrets(content.action);
  const texts = [subject, textIn(body), textIn(message), text];
  return texts.filter((one): one is string => typeof one === "string" && one !== "").join("\n\n");
}

function textIn(value: Json | undefined): Json | undefined {
  return typeof value === "object" && value !== null && "text" in value ? value["text"] : value;
}
