import { join } from "node:path";
import { z } from "zod";
import type { Json } from "../events/document.ts";
import type { JsonObject, PipelineBook } from "../events/foreign.ts";
import { isJsonObject } from "../events/json-object.ts";
import { illegalArgument } from "../events/refusal.ts";
import { readTextIfAny, writeFileAtomically } from "../lib/atomic-file.ts";
import type { NowUs } from "../lib/clock.ts";
import { Fault } from "../lib/fault.ts";
import { createPipelines, type Pipelines } from "./pipelines.ts";
import { processorKinds } from "./processors/table.ts";
import { simulatePipeline } from "./simulate.ts";

const MAX_BYTES = 32_000_000;

const fileSchema = z.strictObject({
  format: z.literal("ethmon-pipelines/1"),
  pipelines: z.record(z.string(), z.record(z.string(), z.json())),
  /** Pipelines of the program that were deleted. */
  deleted: z.array(z.string()),
});

/**
 * The ingest pipelines: those that come with the program (`shipped`), and those that were put, in one file of the data
 * directory, written whole with every change. What was put goes before what is shipped; what was deleted stays away.
 * Throws `pipelines_unreadable` for a file that is not ours.
 */
export async function openPipelineBook(options: {
  dataDirectory: string;
  shipped: ReadonlyMap<string, JsonObject>;
  nowUs: NowUs;
}): Promise<PipelineBook & { pipelines: Pipelines }> {
  const { dataDirectory, shipped, nowUs } = options;
  const path = join(dataDirectory, "pipelines.json");
  const pipelines = createPipelines({ nowUs });
  const own = new Map<string, JsonObject>();
  const deleted = new Set<string>();
  let writing: Promise<void> = Promise.resolve();

  const text = await readTextIfAny(path);
  const file = text === undefined ? undefined : parseFile(path, text);
  for (const name of file?.deleted ?? []) deleted.add(name);
  for (const [name, body] of shipped) if (!deleted.has(name)) pipelines.put(name, body);
  for (const [name, body] of Object.entries((file?.pipelines ?? {}) as Record<string, JsonObject>)) {
    pipelines.put(name, body);
    own.set(name, body);
  }

  const textNow = () =>
    JSON.stringify({ format: "ethmon-pipelines/1", pipelines: Object.fromEntries(own), deleted: [...deleted] });
  // One after the other, and each with all that was changed when its turn comes.
  const write = (): Promise<void> => {
    writing = writing.catch(() => undefined).then(() => writeFileAtomically(path, textNow()));
    return writing;
  };
  const restored = (name: string, before: JsonObject | undefined, wasOwn: boolean, wasDeleted: boolean): void => {
    if (before === undefined) pipelines.remove(name);
    else pipelines.put(name, before);
    if (wasOwn && before !== undefined) own.set(name, before);
    else own.delete(name);
    if (wasDeleted) deleted.add(name);
    else deleted.delete(name);
  };
  /** Makes a change durable, or takes it back. */
  const changed = async (name: string, change: () => void): Promise<void> => {
    const [before, wasOwn, wasDeleted] = [pipelines.get(name), own.has(name), deleted.has(name)];
    change();
    try {
      if (textNow().length > MAX_BYTES) throw illegalArgument(`the pipelines are more than [${MAX_BYTES}] bytes`);
      await write();
    } catch (error) {
      restored(name, before, wasOwn, wasDeleted);
      throw error;
    }
  };

  return {
    pipelines,
    all: () => new Map(pipelines.ids().map((name) => [name, pipelines.get(name) ?? {}])),
    put: (name, body) =>
      changed(name, () => {
        pipelines.put(name, body);
        own.set(name, body);
        deleted.delete(name);
      }),
    delete: (name) =>
      changed(name, () => {
        pipelines.remove(name);
        own.delete(name);
        if (shipped.has(name)) deleted.add(name);
      }),
    async simulate({ pipeline, documents, verbose }) {
      const body = { pipeline, docs: documents as readonly Json[] };
      const { docs } = simulatePipeline({ pipelines, body, verbose });
      return (Array.isArray(docs) ? docs : []).map((doc) => (isJsonObject(doc) ? doc : null));
    },
    processors: () => processorKinds.map(({ type }) => type).sort(),
  };
}

function parseFile(path: string, text: string): z.output<typeof fileSchema> {
  try {
    return fileSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new Fault("pipelines_unreadable", `${path} is not what ethmon wrote: repair or remove it.`, { cause });
  }
}
