import { type Pushed, pushWatches } from "../alert/push/push-watches.ts";
import { readWatchFiles } from "../alert/shipped.ts";
import { loadConfig } from "../config/load.ts";
import { Fault } from "../lib/fault.ts";
import { connectEngine } from "../store/elastic/engine.ts";
import { EXIT_FAULT } from "./exit-codes.ts";
import { print } from "./rules-of-running.ts";
import { stoppable } from "./stop-signal.ts";

type Options = { to: string; config?: string; inactive?: true; json?: true };

const KEY_NAME = "ETHMON_ELASTIC_API_KEY";

/** Puts the watches of files into a real Watcher. */
export async function pushFiles(
  files: readonly string[],
  { to, config: file, inactive, json }: Options,
): Promise<void> {
  await stoppable(async (signal) => {
    const watches = files.flatMap(readWatchFiles);
    const config = await loadConfig({ file, overrides: { store: [to] }, env: process.env });
    const { elasticsearch } = config.store;
    if (elasticsearch === undefined) throw new Fault("config_invalid", "The configuration names no cluster.");
    const key = process.env[KEY_NAME];
    const engine = connectEngine({ ...elasticsearch, ...(key === undefined || key === "" ? {} : { api_key: key }) });
    try {
      const pushed = await pushWatches({
        engine,
        watches,
        settings: config.alerts,
        active: inactive !== true,
        signal,
      });
      print({ ...(json ? { json } : {}) }, { watches: pushed }, lines(pushed));
      if (pushed.some(({ outcome }) => outcome === "refused")) process.exitCode = EXIT_FAULT;
    } finally {
      await engine.close();
    }
  });
}

function lines(pushed: readonly Pushed[]): string[] {
  const count = (...outcomes: Pushed["outcome"][]) => pushed.filter(({ outcome }) => outcomes.includes(outcome)).length;
  return [
    ...pushed.flatMap(({ id, outcome, reason, remarks }) => [
      `${outcome.replace("_", " ")}  ${id}${reason === undefined ? "" : `: ${reason}`}`,
      ...remarks.map((remark) => `    ${remark}`),
    ]),
    `${count("created", "replaced")} of ${pushed.length} watches are there, ${count("left_out")} were left out, ${count("refused")} refused.`,
  ];
}
