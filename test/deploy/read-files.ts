import { readFileSync } from "node:fs";
import { parseDocument } from "yaml";

export function deployed(path: string): string {
  return readFileSync(new URL(`../../deploy/${path}`, import.meta.url), "utf8");
}

/** A YAML file without a key that stands there twice, a tab or a value that cannot be told. */
export function readYaml(text: string): unknown {
  const document = parseDocument(text, { strict: true, uniqueKeys: true, merge: true });
  const [problem] = [...document.errors, ...document.warnings];
  if (problem !== undefined) throw problem;
  return document.toJS();
}

/** The lines from the one that begins with `# <from>` on without their marks, as a user would take them away. */
export function unmarked(text: string, from: string): string {
  const lines = text.split("\n");
  const begin = lines.findIndex((line) => line.trimStart().startsWith(`# ${from}`));
  if (begin < 0) throw new Error(`There is no line that begins with "# ${from}".`);
  const indent = lines[begin]?.indexOf("#") ?? 0;
  const rest = lines.slice(begin);
  const end = rest.findIndex((line) => !line.slice(indent).startsWith("# "));
  return rest
    .slice(0, end < 0 ? rest.length : end)
    .map((line) => line.slice(0, indent) + line.slice(indent + 2))
    .join("\n");
}

/** The options of a configuration by their dotted names, lists passed through. */
export function optionNames(value: unknown, path = ""): Set<string> {
  if (Array.isArray(value) && value.some((item) => typeof item === "object" && item !== null)) {
    return new Set(value.flatMap((item) => [...optionNames(item, path)]));
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) return new Set([path]);
  return new Set(
    Object.entries(value).flatMap(([key, inner]) => [...optionNames(inner, path === "" ? key : `${path}.${key}`)]),
  );
}

export type Section = { name: string; options: Map<string, string> };

/** An INI file as systemd reads it, or TOML whose values are JSON: sections with their options. */
export function readSections(text: string, comment: RegExp): Section[] {
  const sections: Section[] = [];
  for (const [at, line] of text.split("\n").entries()) {
    if (line.trim() === "" || comment.test(line.trim())) continue;
    const [, name] = /^\[{1,2}([\w.]+)\]{1,2}$/.exec(line.trim()) ?? [];
    if (name !== undefined) {
      sections.push({ name, options: new Map() });
      continue;
    }
    const [, option, value] = /^([\w.]+) ?= ?(.*)$/.exec(line.trim()) ?? [];
    const section = sections.at(-1);
    if (option === undefined || value === undefined || section === undefined || section.options.has(option)) {
      throw new Error(`Line ${at + 1} cannot be read: ${line}`);
    }
    section.options.set(option, value);
  }
  return sections;
}

/** The parameters of an `action(…)` of rsyslog. */
export function readAction(text: string): Map<string, string> {
  const [, body = ""] = /\n\s*action\(\n([\s\S]*?)\n\s*\)/.exec(text) ?? [];
  return new Map(
    body
      .split("\n")
      .filter((line) => !line.trim().startsWith("#"))
      .map((line): [string, string] => {
        const [, name, value] = /^\s*([\w.]+)="([^"]*)"$/.exec(line) ?? [];
        if (name === undefined || value === undefined) throw new Error(`It cannot be read: ${line}`);
        return [name, value];
      }),
  );
}
