import { join } from "node:path";
import { z } from "zod";
import type { Json } from "../../events/document.ts";
import type { JsonObject } from "../../events/foreign.ts";
import { refusal } from "../../events/refusal.ts";
import { readTextIfAny, writeFileAtomically } from "../../lib/atomic-file.ts";
import { Fault } from "../../lib/fault.ts";

/** What clients put and expect to get back. */
export const SECTIONS = [
  "index_template",
  "component_template",
  "legacy_template",
  "ilm_policy",
  "data_stream",
  "alias",
] as const;
export type Section = (typeof SECTIONS)[number];

export type SettingsBook = {
  /** This store's own name in the world, the same for ever. */
  readonly clusterUuid: string;
  get(section: Section, name: string): JsonObject | undefined;
  /** By name. */
  all(section: Section): ReadonlyMap<string, JsonObject>;
  /** Resolves when it is durable. Refused with 400 beyond the bounds. */
  put(section: Section, name: string, value: JsonObject): Promise<void>;
  delete(section: Section, name: string): Promise<void>;
};

const MAX_ENTRIES = 5_000;
const MAX_BYTES = 64_000_000;

const fileSchema = z.strictObject({
  format: z.literal("ethmon-elastic/1"),
  cluster_uuid: z.string(),
  sections: z.record(z.enum(SECTIONS), z.record(z.string(), z.record(z.string(), z.json()))),
});

/**
 * Templates, policies, data streams and aliases in one file of the data directory, written whole with every change:
 * they are few and change seldom. Throws `elastic_settings_unreadable` for a file that is not ours.
 */
export async function openSettingsBook(dataDirectory: string, newUuid: () => string): Promise<SettingsBook> {
  const path = join(dataDirectory, "elastic.json");
  const text = await readTextIfAny(path);
  const file = text === undefined ? undefined : parseFile(path, text);
  const clusterUuid = file?.cluster_uuid ?? newUuid();
  const sections = new Map<Section, Map<string, JsonObject>>(
    SECTIONS.map((section) => [
      section,
      new Map(Object.entries((file?.sections[section] ?? {}) as Record<string, JsonObject>)),
    ]),
  );
  let writing: Promise<void> = Promise.resolve();
  const section = (name: Section) => sections.get(name) ?? new Map<string, JsonObject>();
  const textNow = () => {
    const entries = SECTIONS.map((name): [string, Json] => [name, Object.fromEntries(section(name))]);
    return JSON.stringify({
      format: "ethmon-elastic/1",
      cluster_uuid: clusterUuid,
      sections: Object.fromEntries(entries),
    });
  };
  // One after the other, and each with all that was changed when its turn comes.
  const write = (): Promise<void> => {
    writing = writing.catch(() => undefined).then(() => writeFileAtomically(path, textNow()));
    return writing;
  };
  if (file === undefined) await write();

  return {
    clusterUuid,
    get: (name, key) => section(name).get(key),
    all: section,
    async put(name, key, value) {
      const entries = section(name);
      const before = entries.get(key);
      entries.set(key, value);
      const isTooMuch = (before === undefined && entries.size > MAX_ENTRIES) || textNow().length > MAX_BYTES;
      if (isTooMuch) restore(entries, key, before);
      if (isTooMuch) throw tooMuch(name);
      try {
        await write();
      } catch (error) {
        restore(entries, key, before);
        throw error;
      }
    },
    async delete(name, key) {
      const entries = section(name);
      const before = entries.get(key);
      if (!entries.delete(key)) return;
      try {
        await write();
      } catch (error) {
        restore(entries, key, before);
        throw error;
      }
    },
  };
}

function restore(entries: Map<string, JsonObject>, key: string, before: JsonObject | undefined): void {
  if (before === undefined) entries.delete(key);
  else entries.set(key, before);
}

function parseFile(path: string, text: string): z.output<typeof fileSchema> {
  try {
    return fileSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new Fault("elastic_settings_unreadable", `${path} is not what ethmon wrote: repair or remove it.`, { cause });
  }
}

function tooMuch(section: Section): Fault {
  return refusal({
    type: "illegal_argument_exception",
    reason: `no more entries can be kept in [${section}]: at most [${MAX_ENTRIES}], and [${MAX_BYTES}] bytes in all`,
    status: 400,
  });
}
