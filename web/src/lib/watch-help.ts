import type { JsonPath } from "./json-spans.ts";
import { ACTION_KEYS } from "./watch-help-actions.ts";
import { ALERT_KEYS } from "./watch-help-alert.ts";
import { conditionHelp, type Help, inputHelp, transformHelp } from "./watch-help-parts.ts";

const THROTTLE: Help = {
  words:
    "How long an action stays silent after it ran. With an alert it says instead how often one that lasts is told again; without it, it is told once.",
  example: '"10m"',
};

/** Elasticsearch Watcher's JSON, with what this monitor adds: the trigger `stream` and `metadata.alert`. */
export const WATCH_HELP: Help = {
  words:
    "A watch in Elasticsearch Watcher's form: when it is checked, what it looks at, when that is worth telling, and who is told how.",
  keys: {
    trigger: {
      words: "When it is checked: by the clock, or with each new document of one of the monitor's own datasets.",
      keys: {
        schedule: {
          words: "By the clock, in UTC. One of these.",
          keys: {
            interval: { words: "Again and again after this time.", example: '"1m"' },
            cron: { words: "Quartz' form: seconds first.", example: '"0 0/5 * * * ?"' },
            hourly: { words: "Each hour at these minutes.", example: '{"minute": [0, 30]}' },
            daily: { words: "Each day at these times.", example: '{"at": ["08:00"]}' },
            weekly: { words: "On days of the week.", example: '{"on": "monday", "at": "08:00"}' },
            monthly: { words: "On days of the month.", example: '{"on": 1, "at": "08:00"}' },
            yearly: { words: "On days of the year.", example: '{"in": "january", "on": 1, "at": "08:00"}' },
          },
        },
        stream: {
          words:
            "With each new or changed document of a dataset, which is the payload: an alert within the slot. Watcher itself has no such trigger.",
          keys: {
            dataset: {
              words: "One of the monitor's own datasets: docs/datasets.md lists them.",
              example: '"slot"',
            },
            where: {
              ...conditionHelp(),
              words: "Only documents that meet it are looked at: a condition over ctx.payload.",
            },
            last: {
              words: "So many of the newest documents that were looked at stand in ctx.vars.last, oldest first.",
              example: "32",
            },
          },
        },
      },
    },
    input: inputHelp(),
    condition: {
      ...conditionHelp(),
      words: "When what was found is worth telling. Without one it always is.",
    },
    transform: transformHelp(),
    throttle_period: THROTTLE,
    metadata: {
      words: "Whatever belongs to the watch; conditions and templates see it as ctx.metadata.",
      keys: {
        name: { words: "Its title in the list of rules.", example: '"Late blocks"' },
        description: { words: "What it means, for whoever is woken by it." },
        alert: {
          words:
            "How what is found becomes an alert that begins, gets worse and is over. Without it the watch has one alert, a warning, that is over when the condition is first not met.",
          keys: ALERT_KEYS,
        },
      },
      any: () => ({ words: "A value of your own: conditions read it as ctx.metadata." }),
    },
    actions: {
      words: "Who is told and how, by names of your own. Each is done when the condition is met.",
      any: () => ({
        words: "One action: its kind, and when it is done.",
        keys: {
          ...ACTION_KEYS,
          condition: { ...conditionHelp(), words: "This action alone is done only when it is met, too." },
          transform: { ...transformHelp(), words: "What this action sees as its payload." },
          foreach: {
            words: "Path of a list: once for each element, which is the payload.",
            example: '"ctx.payload.hits.hits"',
          },
          max_iterations: { words: "Of these at most so many, 100 by default." },
          throttle_period: THROTTLE,
        },
      }),
    },
  },
};

export type FoundHelp = {
  /** The part of the path that is explained. */
  path: JsonPath;
  help: Help;
};

/** What is said of a path: of itself, or of the innermost key on it of which something is known. */
export function helpAt(path: JsonPath): FoundHelp {
  let help = WATCH_HELP;
  for (const [index, part] of path.entries()) {
    const named = typeof part === "string" && Object.hasOwn(help.keys ?? {}, part) ? help.keys?.[part] : undefined;
    const next = named ?? help.any?.();
    if (next === undefined) return { path: path.slice(0, index), help };
    help = next;
  }
  return { path, help };
}
