import type { Document } from "../../events/document.ts";
import type { AlertRule } from "../alert-rule.ts";
import type { WatchTrigger } from "../watch.ts";
import type { BacktestDeps } from "./backtest-deps.ts";
import type { Past } from "./past-documents.ts";
import { qualityDocuments } from "./past-quality.ts";
import type { BacktestStep } from "./step.ts";

type Asked = {
  trigger: WatchTrigger & { kind: "schedule" };
  /** Of the watch's rule, what it needs of our own data. */
  needs: Pick<AlertRule, "needsNodes" | "needsClock"> | undefined;
  past: Past;
  fromMs: number;
  untilMs: number;
  deps: Pick<BacktestDeps, "chain" | "nodes" | "datasets" | "limits">;
};

/** The moments of a schedule; of more than may be checked every second, third…, over the whole span. */
export function scheduleSteps(asked: Asked): { run(): AsyncIterable<BacktestStep>; every: number } {
  const { trigger, fromMs, untilMs, deps } = asked;
  const { every, gapMs } = thinning({ trigger, fromMs, untilMs, most: deps.limits.checks });

  async function* run(): AsyncGenerator<BacktestStep> {
    const quality = await qualityOf(asked);
    let next = 0;
    let atMs = trigger.nextMs(fromMs);
    while (atMs !== undefined && atMs < untilMs) {
      const known: Document[] = [];
      for (let one = quality[next]; one !== undefined && one.timestampUs <= atMs * 1000; one = quality[next]) {
        known.push(one);
        next += 1;
      }
      yield {
        atMs,
        take(engine) {
          engine.observe(known);
          engine.advance();
        },
      };
      atMs = trigger.nextMs(atMs + (every - 1) * gapMs);
    }
  }
  return { run, every };
}

/** Nothing is read of what the rule does not ask for. */
export async function qualityOf(asked: Omit<Asked, "trigger">): Promise<readonly Document[]> {
  const { needs, past, fromMs, untilMs, deps } = asked;
  if (needs === undefined || (needs.needsNodes === 0 && !needs.needsClock)) return [];
  const { chain, nodes, datasets } = deps;
  return qualityDocuments(past, { fromMs, untilMs, nodes, slotDurationMs: chain.slotDurationMs }, datasets);
}

/** How many moments stand for one that is checked, and the usual time between two moments. */
function thinning(asked: { trigger: Asked["trigger"]; fromMs: number; untilMs: number; most: number }) {
  const { trigger, fromMs, untilMs, most } = asked;
  let count = 0;
  let atMs: number | undefined = fromMs;
  for (; count <= most; count += 1) {
    const nextMs: number | undefined = trigger.nextMs(atMs);
    if (nextMs === undefined || nextMs >= untilMs) return { every: 1, gapMs: 0 };
    atMs = nextMs;
  }
  const gapMs = (atMs - fromMs) / count;
  return { every: Math.ceil((untilMs - fromMs) / gapMs / most), gapMs };
}
