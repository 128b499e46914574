import type { JsonObject } from "../../events/foreign.ts";
import type { WatchContext } from "../context.ts";
import type { Watch, WatchCheck, WatchPorts } from "../watch.ts";
import { type Condition, conditionResult } from "./condition.ts";
import { type Input, next, type Read } from "./input.ts";
import type { Transform } from "./parse-transform.ts";
import { errorOf } from "./watch-fault.ts";

type Parts = { input: Input; condition: Condition; transform: Transform | undefined };

/** Input, then condition, then transform. What goes wrong in one of them is told in its result, and as the error. */
export function createCheck({ input, condition, transform }: Parts): Watch["check"] {
  return (ctx, ports) => {
    const read = attempt(() => input.read(ctx, ports));
    return next(read, (found) => {
      if ("thrown" in found) return failure({ input: failed(input.type, found.thrown) }, { payload: {}, ...found });
      return judged({ ctx: { ...ctx, payload: found.value.payload }, ports, read: found.value });
    });
  };

  type Checking = { ctx: WatchContext; ports: WatchPorts; read: Read };

  function judged({ ctx, ports, read }: Checking): WatchCheck | Promise<WatchCheck> {
    const result: JsonObject = { input: succeeded(input.type, read) };
    const { payload } = ctx;
    try {
      const judgement = condition.judge(ctx, ports.nowMs);
      const told = { ...result, condition: conditionResult(condition, judgement) };
      if (!judgement.met || transform === undefined) return { met: judgement.met, payload, result: told };
      return transformed({ ctx, ports, transform, told });
    } catch (thrown) {
      return failure({ ...result, condition: failed(condition.type, thrown) }, { payload, thrown });
    }
  }
}

type Transforming = { ctx: WatchContext; ports: WatchPorts; transform: Transform; told: JsonObject };

function transformed({ ctx, ports, transform, told }: Transforming): WatchCheck | Promise<WatchCheck> {
  return next(
    attempt(() => transform.apply(ctx, ports)),
    (made): WatchCheck => {
      if ("thrown" in made)
        return failure({ ...told, transform: failed(transform.type, made.thrown) }, { payload: ctx.payload, ...made });
      return {
        met: true,
        payload: made.value.payload,
        result: { ...told, transform: succeeded(transform.type, made.value) },
      };
    },
  );
}

type Attempt<T> = { value: T } | { thrown: unknown };

/** What it gives or throws, at once or later. */
function attempt<T extends object>(make: () => T | Promise<T>): Attempt<T> | Promise<Attempt<T>> {
  try {
    const made = make();
    if (!(made instanceof Promise)) return { value: made };
    return made.then(
      (value) => ({ value }),
      (thrown: unknown) => ({ thrown }),
    );
  } catch (thrown) {
    return { thrown };
  }
}

function succeeded(type: string, { payload, body }: Read): JsonObject {
  return { type, status: "success", payload, ...(body === undefined ? {} : { [type]: body }) };
}

function failed(type: string, thrown: unknown): JsonObject {
  const error = errorOf(thrown);
  return { type, status: "failure", reason: error.reason, error };
}

function failure(
  result: JsonObject,
  { payload, thrown }: { payload: WatchCheck["payload"]; thrown: unknown },
): WatchCheck {
  const { type, reason } = errorOf(thrown);
  return { met: false, payload, result, error: { type, reason } };
}
