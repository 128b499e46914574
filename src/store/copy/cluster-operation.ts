import { bulkLines, type Operation, withOurs } from "../elastic/operations.ts";
import { SEQ_FIELD } from "../elastic/own-template.ts";
import type { CopiedDocument, CopiedIndex } from "./side.ts";
import { documentOfSource } from "./source-document.ts";

/**
 * The operation that stores a copied document in a cluster under the `_id` and position that it has at the source. In an
 * index its position is its version: what the cluster's own monitor writes has a later one and stays.
 */
export function copyOperation(index: CopiedIndex, document: CopiedDocument): Operation {
  const { name, kind, own } = index;
  const { seq, id, source, sent, timestampUs } = document;
  const action =
    kind === "stream"
      ? { create: { _index: name, _id: id } }
      : { index: { _index: name, _id: id, version: seq, version_type: "external" } };
  const text =
    sent === undefined
      ? JSON.stringify({ ...source, [SEQ_FIELD]: seq })
      : withOurs(sent.text, { position: seq, version: sent.version });
  return {
    position: seq,
    index: name,
    kind,
    id,
    text: bulkLines(action, text),
    document: own === undefined ? { dataset: name, id, timestampUs, fields: {} } : documentOfSource(own, document),
    writtenAtUs: timestampUs,
  };
}
