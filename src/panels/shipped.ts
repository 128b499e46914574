import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { z } from "zod";
import { Fault, messageOf } from "../lib/fault.ts";
import { type Dashboard, dashboardSchema, type Panel, panelSchema } from "./panel.ts";

/** The panels and dashboards that come with the program, by id. */
export type Shipped = { panels: ReadonlyMap<string, Panel>; dashboards: ReadonlyMap<string, Dashboard> };

/**
 * Reads `*.json` of a directory as panels and those of its folder `dashboards` as dashboards. Throws `panel_invalid`
 * with the file's name: an id is its file's name, and every panel that a dashboard names must be there.
 */
export function loadShipped(directory: string): Shipped {
  const panels = readAll(directory, panelSchema);
  const dashboards = readAll(join(directory, "dashboards"), dashboardSchema);
  for (const { id, grid } of dashboards.values())
    for (const { panel } of grid)
      if (!panels.has(panel)) throw invalid(`dashboards/${id}.json`, `there is no panel '${panel}'`);
  return { panels, dashboards };
}

function readAll<T extends { id: string }>(directory: string, schema: z.ZodType<T>): Map<string, T> {
  const names = list(directory).filter((name) => name.endsWith(".json"));
  return new Map(
    names.sort().map((name) => {
      const value = read(join(directory, name), schema);
      if (`${value.id}.json` !== name) throw invalid(join(directory, name), `its id is '${value.id}'`);
      return [value.id, value];
    }),
  );
}

function list(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch (error) {
    throw invalid(directory, messageOf(error));
  }
}

function read<T>(path: string, schema: z.ZodType<T>): T {
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    throw invalid(path, messageOf(error));
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw invalid(path, [issue?.path.join("."), issue?.message.replace(/\.$/, "")].filter(Boolean).join(": "));
}

function invalid(path: string, why: string): Fault {
  return new Fault("panel_invalid", `${path}: ${why}.`);
}
