import { Fault, messageOf } from "../lib/fault.ts";
import { DEFAULT_FORMAT } from "../search/dates/date-format.ts";
import { readDateUs } from "../search/dates/date-math.ts";
import { UTC } from "../search/dates/time-zone.ts";
import type { TimeRange } from "./panel.ts";
import type { ResolvedTime } from "./round-spans.ts";

/**
 * The moments of a dashboard's time range, in UTC: `now-24h` and `now-1d/d` are counted from `nowMs`, and a rounded end
 * is the end of its unit, as in Kibana. Throws `time_range_invalid`.
 */
export function resolveTimeRange({ from, to }: TimeRange, nowMs: number): ResolvedTime {
  const fromMs = moment(from, { nowMs, roundUp: false });
  const toMs = moment(to, { nowMs, roundUp: true });
  if (fromMs >= toMs)
    throw new Fault("time_range_invalid", `The time range ends before it begins: from ${from} to ${to}.`);
  return { fromMs, toMs };
}

/** The end is not in the range: a rounded one, which is a unit's last microsecond, becomes the next moment. */
function moment(text: string, { nowMs, roundUp }: { nowMs: number; roundUp: boolean }): number {
  try {
    const us = readDateUs(text, { format: DEFAULT_FORMAT, zone: UTC, roundUp, nowMs: Math.floor(nowMs) });
    return roundUp ? Math.ceil(Number(us) / 1000) : Math.floor(Number(us) / 1000);
  } catch (error) {
    throw new Fault("time_range_invalid", `'${text}' is no moment: ${messageOf(error)}.`, { cause: error });
  }
}
