import { type Command, InvalidArgumentError } from "commander";
import { systemClock } from "../lib/clock.ts";
import { createLog } from "../lib/log.ts";
import { MAINNET_TOPICS } from "../simulate/mainnet/topics.ts";
import { stopSignal } from "./stop-signal.ts";

type Options = {
  mainnet: true;
  nodes: number;
  validators: number;
  port: number;
  rate: number;
  topics: readonly string[];
  seed: number;
  burst?: { eventsASecond: number; seconds: number };
};

export function addSimulate(program: Command): void {
  program
    .command("simulate")
    .description("Serve simulated beacon nodes with mainnet's volume and arrival times, to try the monitor on.")
    .requiredOption("--mainnet", "what is simulated: mainnet of 2026, without forks and signatures")
    .option("--nodes <count>", "how many nodes", wholeNumber(1, 64), 5)
    .option("--validators <count>", "active validators", wholeNumber(32, 4_000_000), 900_000)
    .option("--port <port>", "port of the first node, the others follow; 0 takes free ones", wholeNumber(0, 65_000), 0)
    .option("--rate <factor>", "how many times as fast as on mainnet slots pass", factor, 1)
    .option("--topics <names>", "topics that the nodes know, separated by commas", topicsOf, MAINNET_TOPICS)
    .option("--seed <number>", "the same seed gives the same chain", wholeNumber(0, 0xffffffff), 1)
    .option("--burst <rate:seconds>", "votes a second beside the others, once, from the second slot on", burstOf)
    .action(async (options: Options) => {
      const { startMainnet } = await import("../simulate/mainnet/mainnet.ts");
      const { signal, close } = stopSignal();
      try {
        const log = createLog({ level: "info" });
        const mainnet = await startMainnet({ ...options, clock: systemClock(), log, signal });
        for (const { name, url } of mainnet.nodes) process.stdout.write(`${name}=${url}\n`);
        await new Promise<void>((resolve) => {
          if (signal.aborted) resolve();
          else signal.addEventListener("abort", () => resolve(), { once: true });
        });
        log.info({ events: mainnet.sent() }, "The simulated nodes stopped");
      } finally {
        close();
      }
    });
}

function wholeNumber(from: number, to: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= from && value <= to) return value;
    throw new InvalidArgumentError(`It must be a whole number, ${from} to ${to}.`);
  };
}

function factor(text: string): number {
  const value = Number(text);
  if (Number.isFinite(value) && value > 0 && value <= 100) return value;
  throw new InvalidArgumentError("It must be a number above 0, at most 100.");
}

function topicsOf(text: string): readonly string[] {
  const topics = text.split(",");
  const unknown = topics.find((topic) => !(MAINNET_TOPICS as readonly string[]).includes(topic));
  if (unknown === undefined) return topics;
  throw new InvalidArgumentError(`There is no topic ${unknown}; there are ${MAINNET_TOPICS.join(", ")}.`);
}

function burstOf(text: string): Options["burst"] {
  const [, rate, seconds] = /^(\d{1,7}):(\d{1,4})$/.exec(text) ?? [];
  if (rate !== undefined && seconds !== undefined) return { eventsASecond: Number(rate), seconds: Number(seconds) };
  throw new InvalidArgumentError("It must be EVENTS_A_SECOND:SECONDS, such as 70000:12.");
}
