import { z } from "zod";
import type { GapCause, RecordedEnvelope, StreamEnvelope } from "../events/envelope.ts";
import { parseJsonExact } from "../lib/json.ts";
import { readRecordedValidators } from "./recorded-validators.ts";

/** One line of `events.jsonl`: an observation, or a line that cannot be read (`isEvent`: it named a node's event). */
export type RecordingLine =
  | { kind: "envelope"; envelope: RecordedEnvelope }
  | { kind: "unreadable"; line: number; reason: string; isEvent: boolean; text: string };

/** The last millisecond whose microseconds are an exact integer; in the year 2255. */
const MAX_RECV_MS = Math.floor(Number.MAX_SAFE_INTEGER / 1000);

const line = z.object({
  recv_ms: z.number().min(0).max(MAX_RECV_MS),
  node: z.string(),
  event: z.string(),
  data: z.unknown().optional(),
  text: z.string().optional().catch(undefined),
  status: z.number().optional().catch(undefined),
  error: z.unknown().optional(),
});

const CAUSES = ["closed", "error", "silent", "restart", "overflow", "clock"] as const satisfies readonly GapCause[];

/** What this program's own recordings say of a stream beyond its state. */
const streamData = z.object({
  error: z.string().optional().catch(undefined),
  since_ms: z.number().min(0).max(MAX_RECV_MS).optional().catch(undefined),
  cause: z.enum(CAUSES).optional().catch(undefined),
});

const openData = z.object({ status: z.number() });

const restData = z.object({ path: z.string(), status: z.number(), body: z.unknown() });

export type Unreadable = { reason: string; isEvent: boolean };

/** The envelope of a line, the reason why there is none, or undefined for a recorder's event that is ignored. */
export function readLine(text: string): RecordedEnvelope | Unreadable | undefined {
  let json: unknown;
  try {
    json = parseJsonExact(text);
  } catch {
    return { reason: "the line is not JSON", isEvent: false };
  }
  const parsed = line.safeParse(json);
  if (!parsed.success) {
    const named = line.pick({ event: true }).safeParse(json).data?.event ?? "_";
    const field = parsed.error.issues[0]?.path.join(".") || "fields";
    return { reason: `the line has no usable ${field}`, isEvent: !named.startsWith("_") };
  }
  const { recv_ms, node, event, data, error } = parsed.data;
  const receivedAtUs = Math.round(recv_ms * 1000);
  switch (event) {
    case "_open": {
      const status = parsed.data.status ?? openData.safeParse(data).data?.status ?? 200;
      if (status === 200) return { kind: "stream", node, receivedAtUs, state: "open" };
      return { kind: "stream", node, receivedAtUs, state: "error", reason: `HTTP ${status}` };
    }
    case "_close":
    case "_error":
      return { ...streamEnd(error ?? data), node, receivedAtUs, state: event === "_close" ? "closed" : "error" };
    case "_rest": {
      const rest = restData.safeParse(data);
      if (!rest.success) return { reason: "the REST answer has no path or status", isEvent: false };
      return { kind: "rest", node, receivedAtUs, ...rest.data };
    }
    case "_validators": {
      const validators = readRecordedValidators(data);
      if (validators === undefined) return { reason: "the validator set cannot be read", isEvent: false };
      return { kind: "validators", node, receivedAtUs, validators };
    }
    default:
      if (event.startsWith("_")) return undefined;
      return {
        kind: "event",
        node,
        receivedAtUs,
        topic: event,
        text: parsed.data.text ?? JSON.stringify(data ?? null),
      };
  }
}

/** The recorder of the first recordings wrote the error alone, beside the event. */
function streamEnd(value: unknown): Pick<StreamEnvelope, "kind" | "reason" | "sinceUs" | "cause"> {
  const { error, since_ms, cause } =
    typeof value === "string" ? { error: value } : (streamData.safeParse(value).data ?? {});
  return {
    kind: "stream",
    ...(error === undefined ? {} : { reason: error }),
    ...(since_ms === undefined ? {} : { sinceUs: Math.round(since_ms * 1000) }),
    ...(cause === undefined ? {} : { cause }),
  };
}
