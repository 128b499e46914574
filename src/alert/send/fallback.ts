import type { DeliveryRecord } from "../../events/alert-records.ts";
import type { Way } from "./channel.ts";
import { contentLine, contentText } from "./content-words.ts";
import type { OwnMessage, ToldAlert } from "./delivery-content.ts";
import { type Block, htmlOf, textOf } from "./message-blocks.ts";
import type { Routes } from "./routes.ts";
import { toldAsAlert } from "./told-as-alert.ts";
import { plainText } from "./words.ts";

/** How a message is sent that its own action could not; undefined where it is not for people. */
export type Fallback = (record: DeliveryRecord, own: Way) => Promise<Way | undefined>;

const MAX_TEXT = 8_000;

/** The fallback of the configuration: `email`, or a route's action. Undefined where there is none. */
export function createFallback({ name, routes }: { name: string | undefined; routes: Routes }): Fallback | undefined {
  if (name === undefined) return undefined;
  const action = routes.named(name);
  if (name !== "email" && action === undefined) return undefined;
  return async (record, { kind, content }) => {
    if (kind === "index" || kind === "logging") return undefined;
    const { alert, metric, fallback_done: done } = content;
    if (action === undefined) {
      return alert === undefined
        ? { kind: "email", content: { action: {}, message: wordsFor(record, content), ...done } }
        : { kind: "email", content: { action: {}, alert, metric, ...done } };
    }
    const told = alert ?? plainAlert(record, wordsFor(record, content));
    const stage = record.stage ?? "new";
    const made = await action.content({ alert: told, stage, decidedMs: record.decided_ms, metric });
    return { kind: action.kind, content: { ...made, ...done } };
  };
}

/** What a plain watch's action would have said. */
function wordsFor(record: DeliveryRecord, content: Way["content"]): OwnMessage {
  if (content.message !== undefined) return content.message;
  const said = plainText(contentText(content), MAX_TEXT).trim();
  const subject = `[ethmon] ${contentLine({ record, content })}`;
  const blocks: Block[] = [
    { kind: "headline", text: contentLine({ record, content }), colour: "#4a6fa5" },
    ...(said === "" ? [] : said.split(/\n{2,}/).map((text): Block => ({ kind: "paragraph", text }))),
    { kind: "small", text: `Watch ${record.watch}, action ${record.action}` },
  ];
  return { subject, text: textOf(blocks), html: htmlOf(blocks) };
}

function plainAlert(record: DeliveryRecord, { subject, text }: OwnMessage): ToldAlert {
  return toldAsAlert({
    id: record.id,
    rule: record.watch,
    about: record.action,
    severity: "warning",
    title: subject.replace(/^\[(?:ethmon|storm)\] /, ""),
    text,
    link: null,
    sinceMs: record.decided_ms,
    lastMs: record.decided_ms,
    met: 1,
  });
}
