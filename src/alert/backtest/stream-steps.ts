import type { Dataset } from "../../events/dataset.ts";
import { streamDataset } from "../../events/derived.ts";
import type { Document } from "../../events/document.ts";
import { Fault } from "../../lib/fault.ts";
import { spanMs } from "../alerts/spans.ts";
import { createSourceMaker } from "../engine/document-source.ts";
import type { AlertEngine } from "../engine/engine.ts";
import type { Watch, WatchTrigger } from "../watch.ts";
import type { BacktestDeps } from "./backtest-deps.ts";
import { documentsBefore, documentsBetween, type Past } from "./past-documents.ts";
import { streamDocuments } from "./past-quality.ts";
import { qualityOf } from "./schedule-steps.ts";
import type { BacktestStep } from "./step.ts";

type Asked = {
  watch: Watch;
  trigger: WatchTrigger & { kind: "stream" };
  past: Past;
  fromMs: number;
  untilMs: number;
  deps: Pick<BacktestDeps, "chain" | "nodes" | "datasets" | "limits">;
  engine: AlertEngine;
};

/** As often an alert is asked whether it begins or ends by time alone. */
const TICK_MS = 1_000;
/** Of these the newest that the trigger takes are what came before the span. */
const EARLIER = 2_000;

/** The stored documents of a stream's dataset in the order of their time, and time itself where something waits for it. */
export async function* streamSteps(asked: Asked): AsyncGenerator<BacktestStep> {
  const { watch, past, fromMs, untilMs, deps, engine } = asked;
  const dataset = datasetOf(asked);
  await fillWindow(asked, dataset);
  const quality = await qualityOf({ needs: watch.alert, past, fromMs, untilMs, deps });
  const waitsMs = watch.alert === undefined ? 0 : longestWaitMs(watch.alert, deps.chain);
  const isWaiting = () => watch.alert?.holdsFor !== undefined || engine.book.open(watch.id).length > 0;
  let lastMs = fromMs;
  let next = 0;

  for await (const page of pagesOf(asked, dataset)) {
    for (const document of page) {
      const atMs = document.timestampUs / 1000;
      yield* ticksUntil(atMs);
      for (let one = quality[next]; one !== undefined && one.timestampUs <= document.timestampUs; one = quality[next]) {
        yield observed(one);
        next += 1;
      }
      yield observed(document);
      lastMs = atMs;
    }
  }
  yield* ticksUntil(untilMs);

  function* ticksUntil(atMs: number): Generator<BacktestStep> {
    const endMs = Math.min(atMs, lastMs + waitsMs + 2 * TICK_MS);
    for (let tickMs = lastMs + TICK_MS; tickMs < endMs && isWaiting(); tickMs += TICK_MS) {
      yield { atMs: tickMs, take: (running) => running.advance() };
    }
  }
}

function observed(document: Document): BacktestStep {
  return { atMs: document.timestampUs / 1000, take: (engine) => engine.observe([document]) };
}

/** Of streams only the present state is stored: their past is that of their gaps. */
async function* pagesOf(asked: Asked, dataset: Dataset): AsyncGenerator<readonly Document[]> {
  const { past, fromMs, untilMs, deps } = asked;
  if (dataset.name === streamDataset.name) {
    yield await streamDocuments(past, { fromMs, untilMs, nodes: deps.nodes });
    return;
  }
  yield* documentsBetween(past, { dataset, fromMs, untilMs });
}

async function fillWindow({ watch, trigger, past, fromMs, engine }: Asked, dataset: Dataset): Promise<void> {
  const window = engine.get(watch.id)?.window;
  if (window === undefined) return;
  const sourceOf = createSourceMaker([dataset]);
  const earlier = await documentsBefore(past, { dataset, beforeMs: fromMs, count: EARLIER });
  const taken = earlier
    .map((document) => ({ id: document.id, timestampUs: document.timestampUs, source: sourceOf(document) }))
    .filter(({ source }) => trigger.takes(source));
  for (const document of taken.slice(-trigger.last)) window.put(document);
}

function longestWaitMs({ holdsFor, overAfter }: NonNullable<Watch["alert"]>, chain: BacktestDeps["chain"]): number {
  return spanMs(overAfter, chain) + (holdsFor === undefined ? 0 : spanMs(holdsFor, chain));
}

function datasetOf({ trigger, deps }: Asked): Dataset {
  const found = deps.datasets.find(({ name }) => name === trigger.dataset);
  if (found !== undefined) return found;
  throw new Fault("dataset_unknown", `There is no dataset '${trigger.dataset}'.`);
}
