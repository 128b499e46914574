import type { Document } from "./document.ts";
import type { RecordDataset } from "./record.ts";

export const quarantineDataset: RecordDataset = {
  kind: "stream",
  source: "own",
  name: "ethereum.quarantine",
  title: "Quarantine",
  keep: "raw",
  words: "What did not fit: kept whole, with the reason, so that nothing a node said is lost.",
  columns: [
    { key: "node", name: "observer.name", type: "keyword", words: "Name of the node." },
    { key: "reason", name: "ethereum.quarantine.reason", type: "text", words: "Why it was rejected, in words." },
    { key: "dataset", name: "ethereum.quarantine.dataset", type: "keyword", words: "The dataset it was meant for." },
    { key: "original", name: "ethereum.quarantine.original", type: "text", words: "What came, as it came." },
  ],
};

/** Longest original text that is kept; what is longer is cut and the reason says so. */
const MAX_ORIGINAL_LENGTH = 1 << 20;

/** The document that keeps what was rejected. */
export function quarantined(input: {
  node: string;
  receivedAtUs: number;
  dataset: string;
  reason: string;
  original: string;
}): Document {
  const { node, receivedAtUs, dataset, reason, original } = input;
  const cut = original.length > MAX_ORIGINAL_LENGTH;
  return {
    dataset: quarantineDataset.name,
    timestampUs: receivedAtUs,
    fields: {
      "observer.name": node,
      "ethereum.quarantine.reason": cut ? `${reason} (${original.length} characters, cut)` : reason,
      "ethereum.quarantine.dataset": dataset,
      "ethereum.quarantine.original": cut ? original.slice(0, MAX_ORIGINAL_LENGTH) : original,
    },
  };
}
