import type { z } from "zod";
import { type Dashboard, dashboardSchema, type Panel, panelSchema } from "../../../src/panels/panel.ts";
import type { Problem, Read } from "./json-problems.ts";

/** A panel that was written by hand, or what is wrong with it by path. */
export function checkPanel(value: unknown): Read<Panel> {
  return checked(panelSchema.safeParse(value));
}

export function checkDashboard(value: unknown): Read<Dashboard> {
  return checked(dashboardSchema.safeParse(value));
}

/** The part of a panel that is its search. */
export function checkRequest(value: unknown): Read<Panel["request"]> {
  return checked(panelSchema.shape.request.safeParse(value));
}

function checked<T>(result: z.ZodSafeParseResult<T>): Read<T> {
  if (result.success) return { value: result.data };
  return { problems: result.error.issues.flatMap((issue) => problemsOf(issue, [])) };
}

/** A union's own message says nothing: what is wrong with the member that it comes closest to does. */
function problemsOf(issue: z.core.$ZodIssue, above: readonly PropertyKey[]): Problem[] {
  const path = [...above, ...issue.path];
  if (issue.code === "invalid_union" && issue.errors.length > 0) {
    const closest = issue.errors.reduce((best, one) => (one.length < best.length ? one : best));
    return closest.flatMap((inner) => problemsOf(inner, path));
  }
  return [{ path: pathText(path), sentence: issue.message }];
}

/** `grid[2].panel`. */
function pathText(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === "number") return `${text}[${part}]`;
    return text === "" ? String(part) : `${text}.${String(part)}`;
  }, "");
}
