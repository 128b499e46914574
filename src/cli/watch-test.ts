import { readFile } from "node:fs/promises";
import { createExecute } from "../alert/desk/execute.ts";
import { parseWatch } from "../alert/watch/parse-watch.ts";
import type { JsonObject } from "../events/foreign.ts";
import { systemClock } from "../lib/clock.ts";
import { Fault, messageOf } from "../lib/fault.ts";
import { readNewest } from "../run/kept-alerts.ts";
import { watchPorts } from "../run/watch-ports.ts";
import { schemas } from "../serve/api/schemas.ts";
import type { RuleTestAnswer } from "../serve/views.ts";
import { askRunning } from "./ask-running.ts";
import { EXIT_FAULT } from "./exit-codes.ts";
import { openPast } from "./open-past.ts";
import { print, runningOf } from "./rules-of-running.ts";
import { stoppable } from "./stop-signal.ts";
import { testedLines } from "./tested-lines.ts";
import { oneWatch } from "./watch-manage.ts";

type Options = {
  url?: string;
  data?: string;
  store?: string;
  config?: string;
  network?: string;
  input?: string;
  ignoreCondition?: true;
  json?: true;
};

type Tried = { watch: JsonObject; alternativeInput: JsonObject | undefined; ignoreCondition: boolean };

/** Reads a watch and checks it once: in a running ethmon, else over the store that nobody uses. */
export async function testWatch(file: string, options: Options): Promise<void> {
  await stoppable(async (signal) => {
    const { id, source } = oneWatch(file);
    const tried: Tried = {
      watch: source,
      alternativeInput: options.input === undefined ? undefined : await readPayload(options.input),
      ignoreCondition: options.ignoreCondition === true,
    };
    const { store } = options;
    const base = store === undefined ? await runningOf(options) : undefined;
    const answer =
      base === undefined ? await inStore(tried, { options, signal }) : await inRunning(tried, base, signal);
    print(options, answer, testedLines(id, answer.record));
    if (answer.record["state"] === "failed") process.exitCode = EXIT_FAULT;
  });
}

function inRunning(tried: Tried, base: string, signal: AbortSignal): Promise<RuleTestAnswer> {
  const { watch, alternativeInput, ignoreCondition } = tried;
  return askRunning({
    base,
    path: "/api/v1/rules/test",
    method: "POST",
    body: {
      watch,
      ignore_condition: ignoreCondition,
      ...(alternativeInput === undefined ? {} : { alternative_input: alternativeInput }),
    },
    schema: schemas.RuleTest,
    signal,
  });
}

/** The same check over a store that nobody uses. */
async function inStore(
  tried: Tried,
  { options, signal }: { options: Options; signal: AbortSignal },
): Promise<RuleTestAnswer> {
  const clock = systemClock();
  const past = await openPast(options, { clock, signal });
  try {
    const { store, chain, datasets } = past;
    const execute = createExecute({
      read: parseWatch,
      kept: (id) => {
        throw new Fault("watch_unknown", `There is no watch '${id}'.`);
      },
      async newest({ dataset: name, count }, within) {
        const dataset = datasets.find((one) => one.name === name);
        if (dataset === undefined) throw new Fault("dataset_unknown", `There is no dataset '${name}'.`);
        const found = await readNewest({ store, network: chain.network, signal: within }, { dataset, count });
        return found.map(({ source }) => source);
      },
      ports: watchPorts(store, signal),
      decide: () => undefined,
      nowMs: () => clock.nowUs() / 1000,
    });
    const asked = { ...tried, actionModes: { _all: "simulate" as const }, recordExecution: false };
    return await execute(asked, signal);
  } finally {
    await past.close();
  }
}

async function readPayload(path: string): Promise<JsonObject> {
  let payload: unknown;
  try {
    payload = JSON.parse(await readFile(path, "utf8"));
  } catch (cause) {
    throw new Fault("payload_invalid", `${path} cannot be read: ${messageOf(cause)}.`, { cause });
  }
  if (typeof payload === "object" && payload !== null && !Array.isArray(payload)) return payload as JsonObject;
  throw new Fault("payload_invalid", `${path} must hold a JSON object.`);
}
