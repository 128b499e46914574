import type { Severity } from "../../../src/serve/views.ts";
import { SEVERITIES } from "./alert-words.ts";
import { conditionWords, isRecord, valueAtPath } from "./watch-fields.ts";

/** Watcher's record of one check, as it can be read. */
export type RecordView = {
  state: string;
  /** Undefined where it did not come to the condition. */
  met: boolean | undefined;
  condition: string;
  /** What the condition compared, by path. */
  resolved: readonly { path: string; value: string }[];
  input: { type: string; payload: unknown } | undefined;
  alerts: readonly FoundAlert[];
  actions: readonly DoneAction[];
  /** Why it failed. */
  messages: readonly string[];
  /** A long record is kept as the beginning of its text. */
  cut: string | undefined;
};

export type FoundAlert = {
  severity: Severity;
  title: string;
  text: string;
  about: string;
  slot: number | undefined;
  nodes: readonly string[];
};

export type DoneAction = {
  id: string;
  type: string;
  status: string;
  reason: string | undefined;
  /** What was or would be sent: for each content its parts, in the order in which they are read. */
  contents: readonly (readonly { key: string; text: string }[])[];
};

export function readRecord(record: unknown): RecordView {
  const at = (...path: string[]) => valueAtPath(record, path);
  const input = at("result", "input");
  return {
    state: textOr(at("state"), "unknown"),
    met: booleanOf(at("result", "condition", "met")),
    condition: conditionWords(at("condition")),
    resolved: resolvedOf(at("result", "condition")),
    input: isRecord(input) ? { type: textOr(input["type"], "none"), payload: input["payload"] } : undefined,
    alerts: listOf(at("result", "alerts")).flatMap(alertOf),
    actions: listOf(at("result", "actions")).flatMap(actionOf),
    messages: listOf(at("messages"))
      .map((one) => textOr(one, ""))
      .filter((one) => one !== ""),
    cut: stringOf(at("cut")),
  };
}

function resolvedOf(condition: unknown): RecordView["resolved"] {
  if (!isRecord(condition)) return [];
  return Object.values(condition).flatMap((part) => {
    const values = valueAtPath(part, ["resolved_values"]);
    return isRecord(values)
      ? Object.entries(values).map(([path, value]) => ({
          path,
          value: typeof value === "string" ? value : shortJson(value),
        }))
      : [];
  });
}

const MOST_LETTERS = 400;

function shortJson(value: unknown): string {
  const text = JSON.stringify(value) ?? "nothing";
  return text.length > MOST_LETTERS ? `${text.slice(0, MOST_LETTERS)}…` : text;
}

function alertOf(found: unknown): FoundAlert[] {
  if (!isRecord(found)) return [];
  const slot = found["slot"];
  return [
    {
      severity: SEVERITIES.find((one) => one === found["severity"]) ?? "info",
      title: textOr(found["title"], ""),
      text: textOr(found["text"], ""),
      about: textOr(found["about"], ""),
      slot: typeof slot === "number" ? slot : undefined,
      nodes: listOf(found["nodes"]).filter((one) => typeof one === "string"),
    },
  ];
}

function actionOf(action: unknown): DoneAction[] {
  if (!isRecord(action)) return [];
  const type = textOr(action["type"], "");
  const content = action[type];
  return [
    {
      id: textOr(action["id"], ""),
      type,
      status: textOr(action["status"], ""),
      reason: stringOf(action["reason"]) ?? stringOf(valueAtPath(action, ["error", "reason"])),
      contents: (Array.isArray(content) ? content : content === undefined ? [] : [content]).map((one) => partsOf(one)),
    },
  ];
}

/** The parts of a content by their paths; what is nested deeper stands as JSON. */
function partsOf(content: unknown, above = ""): { key: string; text: string }[] {
  if (!isRecord(content)) return [{ key: above, text: typeof content === "string" ? content : shortJson(content) }];
  return Object.entries(content).flatMap(([key, value]) => {
    const path = above === "" ? key : `${above} ${key}`;
    if (Array.isArray(value) && value.every((one) => typeof one === "string"))
      return [{ key: path, text: value.join(", ") }];
    return partsOf(value, path);
  });
}

/** What an action came to, in words. */
export function actionWords(status: string): { words: string; tone: "good" | "bad" | "quiet" } {
  switch (status) {
    case "simulated":
      return { words: "would be done", tone: "good" };
    case "success":
      return { words: "done", tone: "good" };
    case "failure":
      return { words: "failed", tone: "bad" };
    case "throttled":
      return { words: "held back: it ran a moment ago", tone: "quiet" };
    case "acknowledged":
      return { words: "held back: it was acknowledged", tone: "quiet" };
    case "condition_failed":
      return { words: "not done: its own condition is not met", tone: "quiet" };
    default:
      return { words: status, tone: "quiet" };
  }
}

/** States of executions as the history tells them. */
const STATE_WORDS: Readonly<Record<string, { words: string; tone: "good" | "bad" | "quiet" | "warn" }>> = {
  executed: { words: "told", tone: "warn" },
  execution_not_needed: { words: "not met", tone: "quiet" },
  throttled: { words: "met, held back", tone: "quiet" },
  acknowledged: { words: "met, acknowledged", tone: "quiet" },
  cannot_judge: { words: "cannot judge", tone: "warn" },
  failed: { words: "failed", tone: "bad" },
};

/** What an execution came to: one that was carried out though its condition was not met told an end. */
export function executionWords({ state, met }: { state: string; met: boolean }) {
  if (state === "executed" && !met) return { words: "its end was told", tone: "quiet" as const };
  return STATE_WORDS[state] ?? { words: state, tone: "quiet" as const };
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function stringOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function textOr(value: unknown, otherwise: string): string {
  return typeof value === "string" ? value : otherwise;
}

function booleanOf(value: unknown): boolean | undefined {
  return typeof value === "boolean" ? value : undefined;
}
