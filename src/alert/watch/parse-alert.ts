import { ALERT_SCOPES, SEVERITIES, type Severity } from "../../events/alert-records.ts";
import type { Json } from "../../events/document.ts";
import { isJsonObject } from "../../events/json-object.ts";
import { isFault } from "../../lib/fault.ts";
import type { AlertRule } from "../alert-rule.ts";
import type { WatchContext } from "../context.ts";
import {
  type AlertFields,
  alertFields,
  elementsAt,
  pathKeys,
  readFlag,
  readNumber,
  readSpan,
  readTemplate,
  readText,
  readWord,
  safeTemplate,
} from "./alert-fields.ts";
import { parseCondition } from "./parse-condition.ts";
import { textsOf } from "./reading.ts";
import { below, type Place, parseFault } from "./watch-fault.ts";

const KEYS = [
  "scope",
  "severity",
  "about",
  "title",
  "text",
  "check_first",
  "link",
  "slot",
  "nodes",
  "each",
  "needs_nodes",
  "needs_clock",
  "holds_for",
  "over_after",
  "event",
  "tell_over",
  "metric",
];
const MAX_NODES = 1_000;

/** Reads `metadata.alert`. Throws `watch_invalid`. */
export function parseAlert(body: Json, place: Place): AlertRule {
  if (!isJsonObject(body))
    throw parseFault(place, `could not parse [metadata.alert] of watch [${place.watchId}]. expected an object`);
  const fields = alertFields(body, place);
  const unknown = Object.keys(body).find((key) => !KEYS.includes(key));
  if (unknown !== undefined) throw fields.fault(unknown, `is unknown, expected one of [${KEYS.join(", ")}]`);
  const scope = readWord(fields, "scope", ALERT_SCOPES) ?? "network";
  const event = readFlag(fields, "event") ?? false;
  const each = readText(fields, "each");
  const eachKeys = each === undefined ? undefined : pathKeys(each);
  const link = readTemplate(fields, "link");
  const slot = readTemplate(fields, "slot");
  const constant = (text: string) => () => text;
  return {
    scope,
    event,
    needsNodes: readNeedsNodes(fields) ?? (scope === "network" ? "majority" : 0),
    needsClock: readFlag(fields, "needs_clock") ?? false,
    holdsFor: readSpan(fields, "holds_for"),
    overAfter: readSpan(fields, "over_after") ?? { unit: "ms", count: 0 },
    each: (ctx) => (eachKeys === undefined ? [ctx] : elementsAt(ctx, eachKeys)),
    about: readTemplate(fields, "about") ?? constant(place.watchId),
    severity: readSeverity(fields),
    title: readTemplate(fields, "title") ?? constant(place.watchId),
    text: readTemplate(fields, "text") ?? constant(""),
    checkFirst: readText(fields, "check_first"),
    link: (ctx) => link?.(ctx) || undefined,
    slot(ctx) {
      const text = slot?.(ctx).trim() ?? "";
      return /^\d{1,15}$/.test(text) ? Number(text) : undefined;
    },
    nodes: readNodes(fields),
    tellOver: readFlag(fields, "tell_over") ?? !event,
    metric: readMetric(fields),
  };
}

function readNeedsNodes({ object, fault }: AlertFields): number | "majority" | undefined {
  const value = object["needs_nodes"];
  if (value === undefined || value === "majority") return value;
  if (typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= MAX_NODES) return value;
  throw fault("needs_nodes", `must be a number of nodes or [majority], but is [${String(value)}]`);
}

type Graded = { severity: Severity; met(ctx: WatchContext): boolean };

/** One severity, or several with conditions: the first that is met, `info` where none is. */
function readSeverity(fields: AlertFields): AlertRule["severity"] {
  const { object, place, fault } = fields;
  const value = object["severity"];
  if (!Array.isArray(value)) {
    const severity = readWord(fields, "severity", SEVERITIES) ?? "warning";
    return () => severity;
  }
  const grades = value.map((item: Json, index: number): Graded => {
    const at = below(place, "severity", index);
    const { severity, when, ...more } = isJsonObject(item) ? item : {};
    const word = SEVERITIES.find((one) => one === severity);
    if (word === undefined || Object.keys(more).length > 0)
      throw fault("severity", `must be a list of {"severity": …, "when": …}, with one of [${SEVERITIES.join(", ")}]`);
    if (when === undefined) return { severity: word, met: () => true };
    const condition = parseCondition(when, below(at, "when"));
    return { severity: word, met: (ctx) => holds(() => condition.judge(ctx, Date.parse(ctx.execution_time)).met) };
  });
  return (ctx) => grades.find(({ met }) => met(ctx))?.severity ?? "info";
}

/** A condition that cannot be judged is not met. */
function holds(judge: () => boolean): boolean {
  try {
    return judge();
  } catch (error) {
    if (isFault(error)) return false;
    throw error;
  }
}

/** Templates, each of which may give several names with commas between them. */
function readNodes({ object, place, fault }: AlertFields): AlertRule["nodes"] {
  const texts = textsOf(object["nodes"] ?? []);
  if (texts === undefined) throw fault("nodes", "must be a text or a list of texts");
  const templates = texts.map((text) => safeTemplate(text, below(place, "nodes")));
  return (ctx) => {
    const names = templates.flatMap((template) => template(ctx).split(",")).map((name) => name.trim());
    return [...new Set(names)].filter((name) => name !== "");
  };
}

function readMetric({ object, place, fault }: AlertFields): AlertRule["metric"] {
  const metric = object["metric"];
  if (metric === undefined) return undefined;
  const { value, title, unit = "", ...more } = isJsonObject(metric) ? metric : {};
  if (value === undefined || typeof title !== "string" || typeof unit !== "string" || Object.keys(more).length > 0)
    throw fault("metric", 'must be {"value": a path or a script, "title": a text, "unit": a text}');
  return { value: readNumber(value, below(place, "metric", "value")), title, unit };
}
