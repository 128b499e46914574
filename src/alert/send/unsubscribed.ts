import { z } from "zod";
import { readTextIfAny, writeFileAtomically } from "../../lib/atomic-file.ts";
import { Fault } from "../../lib/fault.ts";

/** Who wants no more mail of which rule; addresses count without regard to case. */
export type Unsubscribed = {
  has(entry: { address: string; rule: string }): boolean;
  list(): readonly Unsubscription[];
  /** Durable when it resolves. */
  add(entry: { address: string; rule: string }): Promise<void>;
  remove(entry: { address: string; rule: string }): Promise<void>;
};

export type Unsubscription = { address: string; rule: string; since_ms: number };

const MAX_ENTRIES = 10_000;

const file = z.strictObject({
  unsubscribed: z.array(z.strictObject({ address: z.string(), rule: z.string(), since_ms: z.number() })),
});

/** Kept in one file. Throws `unsubscribed_invalid` for one that cannot be read. */
export async function openUnsubscribed(path: string, nowMs: () => number): Promise<Unsubscribed> {
  const entries = new Map((await readEntries(path)).map((entry) => [keyOf(entry), entry]));
  let last: Promise<void> = Promise.resolve();
  // A file for each change, one after the other: the last to be written has them all.
  const save = () => {
    last = last
      .catch(() => undefined)
      .then(() => writeFileAtomically(path, `${JSON.stringify({ unsubscribed: [...entries.values()] }, null, 1)}\n`));
    return last;
  };
  return {
    has: (entry) => entries.has(keyOf(entry)),
    list: () => [...entries.values()],
    async add({ address, rule }) {
      if (entries.has(keyOf({ address, rule }))) return last;
      if (entries.size >= MAX_ENTRIES) {
        throw new Fault("unsubscribed_full", `There are ${MAX_ENTRIES} unsubscriptions, more are not kept.`);
      }
      entries.set(keyOf({ address, rule }), { address: address.toLowerCase(), rule, since_ms: nowMs() });
      await save();
    },
    async remove(entry) {
      if (entries.delete(keyOf(entry))) await save();
    },
  };
}

function keyOf({ address, rule }: { address: string; rule: string }): string {
  return JSON.stringify([address.toLowerCase(), rule]);
}

async function readEntries(path: string): Promise<readonly Unsubscription[]> {
  const text = await readTextIfAny(path);
  if (text === undefined) return [];
  try {
    return file.parse(JSON.parse(text)).unsubscribed;
  } catch (cause) {
    throw new Fault("unsubscribed_invalid", `The file ${path} is no list of unsubscriptions.`, { cause });
  }
}
