import { escapeHtml } from "../../lib/escape-html.ts";

/** What a message consists of, from top to bottom; its text and its HTML say the same. */
export type Block =
  | { kind: "headline"; text: string; colour: string }
  | { kind: "line"; text: string }
  | { kind: "paragraph"; text: string }
  | { kind: "link"; label: string; url: string }
  | { kind: "picture"; cid: string; alt: string }
  | { kind: "small"; text: string }
  | { kind: "small_link"; label: string; url: string };

/** Lines end where the writer ends them: a phone breaks them to its own width. */
export function textOf(blocks: readonly Block[]): string {
  let text = "";
  for (const [at, block] of blocks.entries()) {
    const said = sayText(block);
    if (said === "") continue;
    const before = blocks[at - 1];
    const joins = before !== undefined && isLine(before) && isLine(block) && isSmall(before) === isSmall(block);
    text += `${text === "" ? "" : joins ? "\n" : "\n\n"}${said}`;
  }
  return `${text}\n`;
}

function sayText(block: Block): string {
  switch (block.kind) {
    case "picture":
      return "";
    case "link":
    case "small_link":
      return `${block.label}: ${block.url}`;
    default:
      return block.text;
  }
}

const isSmall = ({ kind }: Block) => kind === "small" || kind === "small_link";
const isLine = ({ kind }: Block) => kind !== "paragraph" && kind !== "picture";

/** Without scripts, styles or anything that a mail program fetches. */
export function htmlOf(blocks: readonly Block[]): string {
  const body = blocks.map(sayHtml).join("\n");
  return (
    '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">' +
    '<meta name="viewport" content="width=device-width, initial-scale=1"></head>\n' +
    '<body style="margin:0;padding:16px;font:16px/1.45 system-ui,sans-serif;color:#1a1a1a;background:#ffffff">\n' +
    `<div style="max-width:640px">\n${body}\n</div>\n</body></html>\n`
  );
}

function sayHtml(block: Block): string {
  switch (block.kind) {
    case "headline":
      return `<p style="margin:0 0 8px;padding-left:10px;border-left:5px solid ${block.colour};font-size:19px"><strong>${lines(block.text)}</strong></p>`;
    case "line":
      return `<p style="margin:0 0 4px">${lines(block.text)}</p>`;
    case "paragraph":
      return `<p style="margin:12px 0">${lines(block.text)}</p>`;
    case "link":
      return `<p style="margin:12px 0"><a href="${escapeHtml(block.url)}">${escapeHtml(block.label)}</a></p>`;
    case "picture":
      return `<p style="margin:12px 0"><img src="cid:${escapeHtml(block.cid)}" alt="${escapeHtml(block.alt)}" style="max-width:100%"></p>`;
    case "small":
      return `<p style="margin:4px 0;font-size:13px;color:#5a5a5a">${lines(block.text)}</p>`;
    case "small_link":
      return `<p style="margin:4px 0;font-size:13px"><a href="${escapeHtml(block.url)}" style="color:#5a5a5a">${escapeHtml(block.label)}</a></p>`;
  }
}

function lines(text: string): string {
  return escapeHtml(text).replaceAll("\n", "<br>\n");
}
