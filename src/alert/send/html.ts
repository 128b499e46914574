/** What other people's HTML may consist of: Watcher's own default of `_tables`, `_blocks`, `_formatting`, `_links`. */
const ELEMENTS = new Set(
  (
    "a b blockquote body br caption center code col colgroup dd div dl dt em font h1 h2 h3 h4 h5 h6 head hr html i img li " +
    "ol p pre s small span strike strong sub sup table tbody td tfoot th thead tr u ul"
  ).split(" "),
);
const ATTRIBUTES = new Set(["align", "alt", "bgcolor", "border", "colspan", "height", "rowspan", "title", "width"]);

/** A tag whose attributes are all quoted, with no `<` in them: what is written otherwise is text. */
const TAG = /<(\/?)([A-Za-z][A-Za-z0-9]*)((?:\s+[A-Za-z-]+\s*=\s*(?:"[^"<>]*"|'[^'<>]*'))*)\s*\/?>/g;
const ATTRIBUTE = /([A-Za-z-]+)\s*=\s*(?:"([^"<>]*)"|'([^'<>]*)')/g;

/**
 * HTML of a watch, which holds what strangers wrote into blocks and logs: of its tags those that only format stay, with
 * links to the web and pictures of the mail itself; all other `<` becomes text.
 */
export function tameHtml(html: string): string {
  let tamed = "";
  let end = 0;
  for (const match of html.matchAll(TAG)) {
    const [whole, closing = "", told = "", attributes = ""] = match;
    const name = told.toLowerCase();
    if (!ELEMENTS.has(name)) continue;
    tamed += tameText(html.slice(end, match.index));
    tamed += closing === "/" ? `</${name}>` : `<${name}${tameAttributes(name, attributes)}>`;
    end = match.index + whole.length;
  }
  return tamed + tameText(html.slice(end));
}

/** Entities stay as they are. */
function tameText(text: string): string {
  return text.replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

function tameAttributes(element: string, text: string): string {
  let tamed = "";
  for (const [, told = "", double, single] of text.matchAll(ATTRIBUTE)) {
    const name = told.toLowerCase();
    const value = double ?? single ?? "";
    const isLink = element === "a" && name === "href" && /^(?:https?:\/\/|mailto:)/i.test(value);
    const isOwnPicture = element === "img" && name === "src" && /^cid:/i.test(value);
    if (isLink || isOwnPicture || ATTRIBUTES.has(name)) {
      tamed += ` ${name}="${value.replaceAll('"', "&quot;").replaceAll("'", "&#39;")}"`;
    }
  }
  return tamed;
}
