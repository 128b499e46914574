import { z } from "zod";
import type { AlertRecord } from "../../events/alert-records.ts";
import { Fault } from "../../lib/fault.ts";
import { wildcard } from "../../lib/wildcard.ts";
import type { Silence } from "../desk.ts";
import type { Shelf } from "./shelf.ts";

const silenceSchema = z.strictObject({
  id: z.string(),
  rules: z.array(z.string().min(1).max(200)).min(1).max(100),
  nodes: z.array(z.string().min(1).max(200)).max(100),
  from_ms: z.number(),
  until_ms: z.number(),
  reason: z.string().max(1_000),
});

/** Windows of time in which nobody is told. */
export type SilenceBook = {
  load(signal: AbortSignal): Promise<void>;
  /** Of an alert: why it is silent now, a sentence; undefined where it is not. */
  covering(alert: Pick<AlertRecord, "rule" | "nodes">, nowMs: number): string | undefined;
  /** Those that are not over, by their beginning. */
  list(nowMs: number): readonly Silence[];
  /** Throws `silence_invalid`. */
  add(silence: Omit<Silence, "id">, more: { nowMs: number; signal: AbortSignal }): Promise<Silence>;
  /** Throws `silence_unknown`. */
  remove(id: string, signal: AbortSignal): Promise<void>;
};

/** As long as an update of a client may take, several times over: what is forgotten is not silent for ever. */
const LONGEST_MS = 30 * 86_400_000;

export function createSilenceBook({ shelf, newId }: { shelf: Shelf; newId: () => string }): SilenceBook {
  const silences = new Map<string, Silence>();

  /** Those that are over make room for others. */
  const forgetOver = async (nowMs: number, signal: AbortSignal): Promise<void> => {
    for (const { id, until_ms } of [...silences.values()]) {
      if (until_ms > nowMs) continue;
      await shelf.remove({ kind: "silence", id }, signal);
      silences.delete(id);
    }
  };

  return {
    async load(signal) {
      for (const { content } of await shelf.list("silence", signal)) {
        const read = silenceSchema.safeParse(content);
        if (read.success) silences.set(read.data.id, read.data);
      }
    },
    covering({ rule, nodes }, nowMs) {
      for (const { rules, nodes: only, from_ms, until_ms, reason } of silences.values()) {
        if (nowMs < from_ms || nowMs >= until_ms) continue;
        if (!rules.some((pattern) => wildcard(pattern)(rule))) continue;
        // What is about other nodes, too, is no matter of these alone.
        if (only.length > 0 && (nodes.length === 0 || nodes.some((node) => !only.includes(node)))) continue;
        return `Silenced until ${new Date(until_ms).toISOString()}: ${reason === "" ? "no reason was given" : reason}`;
      }
      return undefined;
    },
    list: (nowMs) =>
      [...silences.values()].filter(({ until_ms }) => until_ms > nowMs).sort((a, b) => a.from_ms - b.from_ms),
    async add(asked, { nowMs, signal }) {
      const read = silenceSchema.safeParse({ ...asked, id: newId() });
      if (!read.success) {
        const [issue] = read.error.issues;
        throw new Fault("silence_invalid", `${issue?.path.join(".") ?? "silence"}: ${issue?.message ?? "not valid"}.`);
      }
      const { from_ms, until_ms } = read.data;
      if (until_ms <= from_ms || until_ms <= nowMs)
        throw new Fault("silence_invalid", "until_ms: It would be over already.");
      if (until_ms - from_ms > LONGEST_MS)
        throw new Fault("silence_invalid", "until_ms: A silence lasts 30 days at most.");
      await forgetOver(nowMs, signal);
      await shelf.put({ kind: "silence", id: read.data.id, title: read.data.reason, content: read.data }, signal);
      silences.set(read.data.id, read.data);
      return read.data;
    },
    async remove(id, signal) {
      if (!silences.has(id)) throw new Fault("silence_unknown", `There is no silence '${id}'.`);
      await shelf.remove({ kind: "silence", id }, signal);
      silences.delete(id);
    },
  };
}
