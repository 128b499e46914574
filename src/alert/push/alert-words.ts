import type { Json } from "../../events/document.ts";
import type { JsonObject } from "../../events/foreign.ts";

/** What `ctx.vars.alert` holds, each as a template that needs no `ctx.vars.alert`; empty is nothing. */
export type AlertWords = Readonly<Record<string, string>>;

/** The words of a rule's alerts where nothing but Watcher itself is there. */
export function alertWords(input: {
  id: string;
  alert: JsonObject;
  /** A word, or a template. */
  severity: string;
  publicUrl: string | undefined;
}): AlertWords {
  const { id, alert, severity, publicUrl } = input;
  const text = (key: string, otherwise = "") => (typeof alert[key] === "string" ? (alert[key] as string) : otherwise);
  const title = text("title", id);
  const checkFirst = text("check_first");
  const link = text("link");
  const url = publicUrl === undefined || link === "" ? "" : `${publicUrl.replace(/\/+$/, "")}${link}`;
  const paragraphs = [
    `${title} (${severity})`,
    text("text"),
    ...(checkFirst === "" ? [] : [`Check first: ${checkFirst}`]),
    ...(url === "" ? [] : [`Page: ${url}`]),
    `Rule ${id}`,
  ];
  return {
    id: "{{ctx.id}}",
    rule: id,
    about: text("about", id),
    scope: text("scope", "network"),
    stage: "new",
    is_over: "",
    state: "open",
    severity,
    title,
    text: text("text"),
    slot: text("slot"),
    nodes: nodesOf(alert["nodes"]),
    check_first: checkFirst,
    link,
    since: "{{ctx.execution_time}}",
    until: "",
    duration_s: "0",
    duration: "0 s",
    subject: `[${severity}] ${title}`,
    message: paragraphs.filter((paragraph) => paragraph !== "").join("\n\n"),
    url,
  };
}

function nodesOf(nodes: Json | undefined): string {
  if (typeof nodes === "string") return nodes;
  return Array.isArray(nodes) ? nodes.join(", ") : "";
}
