import type { Log } from "../../lib/log.ts";
import { alertSubject } from "./alert-message.ts";
import type { Sender } from "./sender.ts";
import { oneLine } from "./words.ts";

const LEVELS = ["debug", "info", "warn", "error"] as const;
const MAX_TEXT = 4_000;

/** Actions `logging`: one line of the program's own log. */
export function createLoggingSender(log: Log): Sender {
  return {
    configured: () => true,
    place: () => "log",
    forPeople: () => false,
    atOnce: () => 1,
    async send({ delivery, content }) {
      const { text, level, category } = content.action;
      const { alert } = content;
      const stage = delivery.stage ?? "new";
      const said = typeof text === "string" ? text : alert === undefined ? "" : alertSubject(alert, stage);
      const named = level === "trace" ? "debug" : (LEVELS.find((one) => one === level) ?? "info");
      log[named](
        {
          watch: delivery.watch,
          action: delivery.action,
          text: oneLine(said, MAX_TEXT),
          ...(typeof category === "string" ? { category } : {}),
          ...(alert === undefined ? {} : { alert: alert.id, stage, severity: alert.severity }),
        },
        "A watch's action was logged",
      );
      return {};
    },
  };
}
