import { createHash } from "node:crypto";
import { escapeHtml } from "../../lib/escape-html.ts";

/** What stands on the page: words of ours and of strangers, all of them shown as text. */
export type LinkPage = {
  title: string;
  lines: readonly string[];
  /** Of the button that does it; without it there is none. */
  button?: string;
};

const STYLE =
  "body{font:16px/1.5 system-ui,sans-serif;max-width:36rem;margin:12vh auto;padding:0 1rem;color:#1c2024;background:#fff}" +
  "h1{font-size:1.3rem}button{font:inherit;padding:.5rem 1rem;cursor:pointer}" +
  "@media(prefers-color-scheme:dark){body{color:#eceef0;background:#111315}a{color:#9cc3ff}}";

/** No script at all; the form goes nowhere but here, and says so with the origin that its page has. */
export const LINK_PAGE_HEADERS: Readonly<Record<string, string>> = {
  "content-type": "text/html; charset=utf-8",
  "cache-control": "no-store",
  "content-security-policy":
    `default-src 'none'; style-src 'sha256-${createHash("sha256").update(STYLE).digest("base64")}'; ` +
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
  "referrer-policy": "same-origin",
};

/** A small page; its form has no fields, and is sent to the page's own address. */
export function renderLinkPage({ title, lines, button }: LinkPage): string {
  return [
    '<!doctype html><html lang="en"><head><meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width,initial-scale=1"><meta name="robots" content="noindex">',
    `<title>${escapeHtml(title)}</title><style>${STYLE}</style></head><body><main>`,
    `<h1>${escapeHtml(title)}</h1>`,
    ...lines.map((line) => `<p>${escapeHtml(line)}</p>`),
    ...(button === undefined ? [] : [`<form method="post"><button>${escapeHtml(button)}</button></form>`]),
    '<p><a href="/alerts">Alerts</a></p></main></body></html>\n',
  ].join("");
}
