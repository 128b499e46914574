import type { Json } from "../../../src/events/document.ts";
import { parseJsonExact } from "../../../src/lib/json.ts";
import type { Asked } from "../generate/parts.ts";
import { INDEX, type Side } from "../stores.ts";

export type Answer = { status: number; body: Json };

/** What a side answers to a search. Integers beyond 2^53 are decimal text, as the embedded store tells them. */
export async function ask(side: Side, { body, typedKeys }: Asked): Promise<Answer> {
  const response = await fetch(`${side.url}${pathOf(typedKeys)}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  // OpenSearch has a name of its own for buckets of an `unsigned_long`.
  const text = (await response.text()).replaceAll('"ulterms#', '"lterms#');
  return { status: response.status, body: parseJsonExact(text) as Json };
}

/** A command that asks it again. */
export function curlOf(side: Side, { body, typedKeys }: Asked): string {
  const quoted = JSON.stringify(body).replaceAll("'", "'\\''");
  return `curl -s -H 'content-type: application/json' '${side.url}${pathOf(typedKeys)}' -d '${quoted}'`;
}

function pathOf(typedKeys: boolean): string {
  return `/${INDEX}/_search${typedKeys ? "?typed_keys=true" : ""}`;
}
