import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { findOffences } from "../../scripts/check-imports.ts";

const directories: string[] = [];

afterEach(() => {
  for (const directory of directories.splice(0)) rmSync(directory, { recursive: true });
});

/** The offences of a project that holds these files and no others. */
function offencesOf(files: Readonly<Record<string, string>>): string[] {
  const root = mkdtempSync(join(tmpdir(), "ethmon-check-"));
  directories.push(root);
  for (const folder of ["src", "web/src", "test", "bench", "scripts"])
    mkdirSync(join(root, folder), { recursive: true });
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return findOffences(root);
}

test("imports to earlier rooms, within a room and from the files that put all together are fine", () => {
  expect(
    offencesOf({
      "src/lib/clock.ts": "",
      "src/chain/chain.ts": 'import { a } from "../lib/clock.ts";\nimport "node:fs";\n',
      "src/chain/forks.ts": 'import {\n  a,\n  b,\n} from "./chain.ts";\n',
      "src/app.ts": 'import { a } from "./chain/forks.ts";\nconst b = await import("./lib/clock.ts");\n',
    }),
  ).toEqual([]);
});

test("an import to a later room is an offence, in every form of import", () => {
  for (const statement of [
    'import { a } from "../chain/chain.ts";',
    'import type { A } from "../chain/chain.ts";',
    'import {\n  a,\n} from "../chain/chain.ts";',
    'import "../chain/chain.ts";',
    'export { a } from "../chain/chain.ts";',
    'export * from "../chain/chain.ts";',
    'const a = await import("../chain/chain.ts");',
  ]) {
    const offences = offencesOf({ "src/chain/chain.ts": "", "src/lib/clock.ts": `${statement}\n` });
    expect(offences, statement).toEqual([expect.stringContaining("src/lib/clock.ts: imports src/chain/chain.ts")]);
  }
});

test("a room imports neither what puts it together nor what is outside of src, but its tests may", () => {
  const files = (name: string) => ({
    "src/app.ts": "",
    "test/rigs/node.ts": "",
    [`src/chain/${name}`]: 'import { a } from "../app.ts";\nimport { b } from "../../test/rigs/node.ts";\n',
  });
  expect(offencesOf(files("chain.ts"))).toHaveLength(2);
  expect(offencesOf(files("chain.test.ts"))).toEqual([]);
});

test("a room that nobody has placed is an offence as soon as it imports", () => {
  expect(offencesOf({ "src/lib/clock.ts": "", "src/misc/misc.ts": 'import "../lib/clock.ts";\n' })).toEqual([
    expect.stringContaining("misc is no room"),
  ]);
});

test("the web imports types of the views and the events, and of the server nothing else", () => {
  const shared = Object.fromEntries(
    ["serve/views", "serve/server", "chain/chain", "panels/panel", "panels/shipped"].map((name) => [
      `src/${name}.ts`,
      "",
    ]),
  );
  const page = (statement: string) => offencesOf({ ...shared, "web/src/pages/live.tsx": `${statement}\n` });
  expect(page('import type { A } from "../../../src/serve/views.ts";')).toEqual([]);
  expect(page('import { a } from "../../../src/chain/chain.ts";')).toEqual([]);
  expect(page('import { a } from "../../../src/panels/panel.ts";')).toEqual([]);
  expect(page('import { a } from "../../../src/panels/shipped.ts";')).toEqual([expect.stringContaining("types alone")]);
  expect(page('import { a } from "../../../src/serve/views.ts";')).toEqual([expect.stringContaining("types alone")]);
  expect(page('import type { A } from "../../../src/serve/server.ts";')).toHaveLength(1);
});

test("a circle of imports is an offence that names its members", () => {
  const offences = offencesOf({
    "src/lib/a.ts": 'import "./b.ts";\n',
    "src/lib/b.ts": 'import "./c.ts";\n',
    "src/lib/c.ts": 'import "./a.ts";\n',
  });
  expect(offences).toEqual(["src/lib/a.ts: imports itself by src/lib/b.ts -> src/lib/c.ts -> src/lib/a.ts"]);
});

test("names are kebab-case, files short, nine in ten of them shorter", () => {
  expect(offencesOf({ "src/lib/myClock.ts": "", "web/src/charts/slot-grid.test.ts": "" })).toEqual([
    "src/lib/myClock.ts: not named in kebab-case",
  ]);
  expect(offencesOf({ "src/lib/clock.ts": "\n".repeat(400) })).toEqual([expect.stringContaining("nine files in ten")]);
  expect(offencesOf({ "src/lib/clock.ts": "\n".repeat(401) })).toHaveLength(2);
});
