import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { collecting, type Rendered } from "../rigs/render-panel.ts";
import { cached } from "./cache.ts";

/** The oldest that a target has: Kibana 8 took Vega-Lite 5.5, OpenSearch Dashboards 2 took 5.6. */
const PACKAGES = { vega: "5.24.0", "vega-lite": "5.5.0" };

type Vega = {
  parse(spec: object): object;
  View: new (runtime: object, options: object) => { toSVG(): Promise<string>; finalize(): void };
  Warn: number;
};
type VegaLite = { compile(spec: object, options: object): { spec: object } };

/** Renders as those do that are exported to; the packages come from npm, once. */
export async function openOlderVega(): Promise<(spec: object) => Promise<Rendered>> {
  const place = await cached({
    name: "older-vega",
    key: JSON.stringify(PACKAGES),
    async fill(directory) {
      await writeFile(join(directory, "package.json"), JSON.stringify({ private: true, dependencies: PACKAGES }));
      await promisify(execFile)("npm", ["install", "--no-audit", "--no-fund", "--ignore-scripts"], { cwd: directory });
    },
  });
  const require = createRequire(join(place, "package.json"));
  const load = (name: string): Promise<unknown> => import(pathToFileURL(require.resolve(name)).href);
  const { parse, View, Warn } = (await load("vega")) as Vega;
  const { compile } = (await load("vega-lite")) as VegaLite;
  return async (spec) => {
    const warnings: string[] = [];
    const logger = collecting(warnings);
    const view = new View(parse(compile(spec, { logger }).spec), { renderer: "none", logger, logLevel: Warn });
    try {
      return { svg: await view.toSVG(), warnings };
    } finally {
      view.finalize();
    }
  };
}
