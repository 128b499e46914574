import { z } from "zod";
import { Fault } from "../../lib/fault.ts";
import { type KibanaClient, reasonIn } from "./kibana-client.ts";
import type { SavedObject } from "./saved-objects.ts";
import { lineOf } from "./saved-objects.ts";
import { factsOf, type Target } from "./target.ts";

export type Imported = { type: string; id: string; title: string; outcome: "created" | "overwritten" };
export type Refused = { type: string; id: string; title: string; reason: string };
export type ImportReport = { imported: readonly Imported[]; refused: readonly Refused[] };

const answerSchema = z.object({
  success: z.boolean(),
  successCount: z.number(),
  successResults: z
    .array(z.object({ type: z.string(), id: z.string(), overwrite: z.boolean().optional() }))
    .default([]),
  errors: z
    .array(
      z.object({
        type: z.string(),
        id: z.string(),
        error: z.looseObject({ type: z.string(), message: z.string().optional() }),
      }),
    )
    .default([]),
});

/**
 * Imports objects in one request, which replaces those of the same ids. Throws a Fault where none of them was looked at.
 */
export async function importObjects(input: {
  client: KibanaClient;
  target: Target;
  objects: readonly SavedObject[];
}): Promise<ImportReport> {
  const { client, target, objects } = input;
  const file = objects.map((object) => `${lineOf(target, object)}\n`).join("");
  const form = new FormData();
  form.append("file", new Blob([file], { type: "application/ndjson" }), "ethmon.ndjson");
  const path = "/api/saved_objects/_import?overwrite=true";
  const { status, json } = await client.post(path, { form, header: factsOf(target).header });
  const answer = answerSchema.safeParse(json);
  if (status !== 200 || !answer.success) throw refused(client, status, json);
  const titles = new Map(objects.map(({ type, id, attributes }) => [`${type} ${id}`, String(attributes["title"])]));
  const titleOf = ({ type, id }: { type: string; id: string }) => titles.get(`${type} ${id}`) ?? id;
  return {
    imported: answer.data.successResults.map((one) => ({
      type: one.type,
      id: one.id,
      title: titleOf(one),
      outcome: one.overwrite === true ? "overwritten" : "created",
    })),
    refused: answer.data.errors.map((one) => ({ type: one.type, id: one.id, title: titleOf(one), reason: whyOf(one) })),
  };
}

function refused(client: KibanaClient, status: number, json: unknown): Fault {
  const reason = reasonIn(json);
  switch (status) {
    case 404:
      return new Fault("kibana_space", `${client.origin} has no such space, or no import: ${reason}.`);
    case 409:
      return new Fault("kibana_conflict", `${client.origin} is changing these objects by itself: ${reason}.`, {
        retry: "retryable",
      });
    case 413:
      return new Fault("kibana_too_large", `${client.origin} takes no file of that size: ${reason}.`);
    case 415:
      return new Fault("kibana_media_type", `${client.origin} does not take the file: ${reason}.`);
    default:
      return new Fault("kibana_refused", `${client.origin} refuses the import with the status ${status}: ${reason}.`, {
        retry: status >= 500 ? "retryable" : "final",
      });
  }
}

type ImportError = z.output<typeof answerSchema>["errors"][number];

function whyOf({ error }: ImportError): string {
  const references = error["references"];
  switch (error.type) {
    case "conflict":
    case "ambiguous_conflict":
      return "another object of that id or origin is in its place";
    case "unsupported_type":
      return "the type is not known";
    case "missing_references":
      return `what it refers to is missing: ${JSON.stringify(references ?? [])}`;
    default:
      return (error.message ?? error.type).replace(/\.$/, "");
  }
}
