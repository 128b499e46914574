import type { AlertWords } from "./alert-words.ts";

const NAME = String.raw`ctx\.vars\.alert\.(\w+)`;
const TO_JSON = new RegExp(String.raw`\{\{#toJson\}\}\s*${NAME}\s*\{\{/toJson\}\}`, "g");
const JOINED = new RegExp(String.raw`\{\{#join[^}]*\}\}\s*${NAME}\s*\{\{/join[^}]*\}\}`, "g");
const SECTION = new RegExp(String.raw`\{\{([#^])\s*${NAME}\s*\}\}([\s\S]*?)\{\{/\s*ctx\.vars\.alert\.\2\s*\}\}`, "g");
const TAG = new RegExp(String.raw`\{\{\{\s*${NAME}\s*\}\}\}|\{\{&?\s*${NAME}\s*\}\}`, "g");
const JSON_MARK = "__json__::";

/** A template in which `ctx.vars.alert` stands, with what that is in its place. */
export function substitute(text: string, words: AlertWords): string {
  if (!text.includes("ctx.vars.alert.")) return text;
  // Values are escaped for JSON only where the template says that it is JSON.
  const isJson = text.startsWith(JSON_MARK) || TO_JSON.test(text);
  TO_JSON.lastIndex = 0;
  const wordOf = (name: string) => words[name] ?? "";
  const inside = (name: string) => (isJson ? escapedForJson(wordOf(name)) : wordOf(name));
  const replaced = text
    .replace(SECTION, (_, kind: string, name: string, inner: string) =>
      (wordOf(name) !== "") === (kind === "#") ? inner : "",
    )
    .replace(TO_JSON, (_, name: string) => `"${escapedForJson(wordOf(name))}"`)
    .replace(JOINED, (_, name: string) => inside(name))
    .replace(TAG, (_, bare: string | undefined, name: string | undefined) => inside(bare ?? name ?? ""));
  return isJson && !replaced.startsWith(JSON_MARK) ? `${JSON_MARK}${replaced}` : replaced;
}

/** What stands between the tags of a template, as it stands within a text of JSON. */
export function escapedForJson(template: string): string {
  return template
    .split(/(\{\{\{[\s\S]*?\}\}\}|\{\{[\s\S]*?\}\})/)
    .map((part, at) => (at % 2 === 1 ? part : JSON.stringify(part).slice(1, -1)))
    .join("");
}
