import type { AlertRecord, Severity } from "../../../src/serve/views.ts";
import { SEVERITIES, severityRank } from "./alert-words.ts";

/** What of the alerts is shown; part of the address. */
export type AlertFilter = {
  rule: string | undefined;
  /** At least so severe. */
  severity: Severity | undefined;
  node: string | undefined;
};

export function readAlertFilter(query: URLSearchParams): AlertFilter {
  const severity = query.get("severity");
  return {
    rule: query.get("rule") ?? undefined,
    severity: SEVERITIES.find((one) => one === severity),
    node: query.get("node") ?? undefined,
  };
}

export function isFiltered({ rule, severity, node }: AlertFilter): boolean {
  return rule !== undefined || severity !== undefined || node !== undefined;
}

function takesAlert({ rule, severity, node }: AlertFilter, alert: AlertRecord): boolean {
  return (
    (rule === undefined || alert.rule === rule) &&
    (severity === undefined || severityRank(alert.severity) >= severityRank(severity)) &&
    (node === undefined || alert.nodes.includes(node))
  );
}

/** Alerts by what became of them, each newest first. */
export type AlertSections = Readonly<Record<AlertRecord["state"], readonly AlertRecord[]>>;

/** `alerts` in which a later one of the same id takes the place of an earlier one. */
export function sectionsOf(alerts: Iterable<AlertRecord>, filter: AlertFilter): AlertSections {
  const byId = new Map<string, AlertRecord>();
  for (const alert of alerts) byId.set(alert.id, alert);
  const sections = { open: [], acknowledged: [], over: [] } as Record<AlertRecord["state"], AlertRecord[]>;
  for (const alert of byId.values()) if (takesAlert(filter, alert)) sections[alert.state].push(alert);
  for (const section of Object.values(sections)) {
    section.sort((a, b) => b.since_ms - a.since_ms || (a.id < b.id ? -1 : 1));
  }
  return sections;
}

/** When the last of what is over ended: since then it is quiet. */
export function quietSinceMs(over: readonly AlertRecord[]): number | undefined {
  const ends = over.flatMap(({ until_ms }) => (until_ms === null ? [] : [until_ms]));
  return ends.length === 0 ? undefined : Math.max(...ends);
}
