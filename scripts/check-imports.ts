import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, posix, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";

/** The rooms of src in the order of the data, and the earlier ones that each may import from. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  lib: [],
  chain: ["lib"],
  events: ["lib", "chain"],
  collect: ["lib", "chain", "events"],
  check: ["lib", "chain", "events", "collect"],
  enrich: ["lib", "chain", "events", "collect"],
  ingest: ["lib", "chain", "events", "collect", "enrich"],
  measure: ["lib", "chain", "events", "collect", "enrich"],
  search: ["lib", "chain", "events"],
  store: ["lib", "chain", "events", "search"],
  panels: ["lib", "chain", "events", "search"],
  alert: ["lib", "chain", "events", "search", "store"],
  serve: ["lib", "chain", "events", "collect", "check", "enrich", "measure", "search", "store", "panels", "alert"],
  export: ["lib", "chain", "events", "search", "panels"],
  simulate: ["lib", "chain", "events", "collect"],
  // The sections of the configuration are described where they are used.
  config: ["lib", "collect", "store", "serve", "alert"],
};

/** What puts the rooms together may import from all of them, as the files of src itself do. */
const COMPOSING: readonly string[] = ["run", "cli"];

/** What the web shares with the server: types, and the pure vocabulary of the chain. */
const WEB_MAY_IMPORT = [
  /^src\/serve\/views\.ts$/,
  /^src\/search\/request\.ts$/,
  /^src\/panels\//,
  /^src\/events\//,
  /^src\/chain\//,
];

/** Of what the web shares, what it runs, too: the rest would bring more schemas into the pages than panels need. */
const WEB_MAY_RUN = [
  /^src\/chain\//,
  /^src\/panels\/(?:complete-spec|own-path|panel|round-spans|saved-search|time-range|value-at|vega-config)\.ts$/,
];

const SOURCE_ROOTS = ["src", "web/src", "devnet", "test", "bench", "scripts"];
const NAME = /^[a-z0-9]+(?:-[a-z0-9]+)*(?:\.(?:test|bench|config))?\.(?:ts|tsx|js)$/;
const MAX_LINES = 400;
const P90_LINES = 250;

type Source = { path: string; lines: number; imports: readonly Import[] };
type Import = { path: string; typeOnly: boolean };

/** Every breach of the project's rules on names, lengths and imports, one sentence each. */
export function findOffences(root: string): string[] {
  const sources = SOURCE_ROOTS.flatMap((folder) => filesBelow(root, folder)).map((path) => readSource(root, path));
  return [
    ...sources.flatMap(({ path }) => (NAME.test(posix.basename(path)) ? [] : [`${path}: not named in kebab-case`])),
    ...lengthOffences(sources),
    ...sources.flatMap(directionOffences),
    ...cycles(sources),
  ];
}

function lengthOffences(sources: readonly Source[]): string[] {
  const tooLong = sources
    .filter(({ lines }) => lines > MAX_LINES)
    .map(({ path, lines }) => `${path}: ${lines} lines, over ${MAX_LINES}`);
  const ascending = sources.map(({ lines }) => lines).sort((a, b) => a - b);
  const p90 = ascending[Math.floor(ascending.length * 0.9)] ?? 0;
  return p90 > P90_LINES ? [...tooLong, `nine files in ten must have at most ${P90_LINES} lines, now ${p90}`] : tooLong;
}

function directionOffences({ path, imports }: Source): string[] {
  if (/\.test\.tsx?$/.test(path)) return [];
  return imports.flatMap((imported) => {
    const reason = forbidden(path, imported);
    return reason === undefined ? [] : [`${path}: imports ${imported.path}: ${reason}`];
  });
}

function forbidden(from: string, { path, typeOnly }: Import): string | undefined {
  if (from.startsWith("web/")) {
    if (path.startsWith("web/")) return undefined;
    if (!WEB_MAY_IMPORT.some((allowed) => allowed.test(path)))
      return "the web shares views, search requests, events and chain alone";
    return typeOnly || WEB_MAY_RUN.some((allowed) => allowed.test(path)) ? undefined : "the web shares types alone";
  }
  if (!from.startsWith("src/")) return undefined;
  if (!path.startsWith("src/")) return "the product does not import from outside of src";
  const room = roomOf(from);
  const other = roomOf(path);
  if (room === undefined || room === other || COMPOSING.includes(room)) return undefined;
  const allowed = MAY_IMPORT[room];
  if (allowed === undefined) return `${room} is no room that scripts/check-imports.ts knows`;
  return other !== undefined && allowed.includes(other) ? undefined : `${room} may import from ${allowed.join(", ")}`;
}

function roomOf(path: string): string | undefined {
  return /^src\/([^/]+)\//.exec(path)?.[1];
}

/** One sentence for each import that closes a circle. */
function cycles(sources: readonly Source[]): string[] {
  const byPath = new Map(sources.map((source) => [source.path, source]));
  const done = new Set<string>();
  const found: string[] = [];
  const visit = (path: string, above: readonly string[]): void => {
    if (above.includes(path)) {
      found.push(`${path}: imports itself by ${[...above.slice(above.indexOf(path) + 1), path].join(" -> ")}`);
      return;
    }
    if (done.has(path)) return;
    for (const imported of byPath.get(path)?.imports ?? []) visit(imported.path, [...above, path]);
    done.add(path);
  };
  for (const { path } of sources) visit(path, []);
  return found;
}

function readSource(root: string, path: string): Source {
  const text = readFileSync(join(root, path), "utf8");
  const statements = text.matchAll(/^(?:import|export)\s+(type\s)?(?:[^;"']*?\sfrom\s+)?"(\.[^"]+)"/gm);
  const dynamic = text.matchAll(/\bimport\(\s*(?:\/\/[^\n]*\n\s*)?"(\.[^"]+)"/g);
  const resolve = (specifier: string) => posix.join(posix.dirname(path), specifier);
  return {
    path,
    lines: text.split("\n").length - 1,
    imports: [
      ...[...statements].map(([, type, specifier = ""]) => ({
        path: resolve(specifier),
        typeOnly: type !== undefined,
      })),
      ...[...dynamic].map(([, specifier = ""]) => ({ path: resolve(specifier), typeOnly: false })),
    ],
  };
}

function filesBelow(root: string, folder: string): string[] {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /\.(?:ts|tsx|js)$/.test(entry.name))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join("/"))
    .filter((path) => !path.includes("/node_modules/"))
    .sort();
}

if (import.meta.main) {
  const offences = findOffences(join(dirname(fileURLToPath(import.meta.url)), ".."));
  process.stdout.write(offences.map((offence) => `${offence}\n`).join(""));
  process.exitCode = offences.length === 0 ? 0 : 1;
}
