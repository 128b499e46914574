import { type Compared, type Difference, differencesOf } from "./differences.ts";
import { addTo, checksumText, type Digest, emptyDigest, fingerprintOf } from "./digest.ts";
import { type Bounds, readPages } from "./read-documents.ts";
import type { Side } from "./side.ts";

/** A data stream or index on both sides, and what of it differs. */
export type Comparison = {
  index: string;
  source: { documents: number; checksum: string };
  target: { documents: number; checksum: string };
  /** Of an index: documents that one side has in a newer form than that which is compared. */
  superseded: number;
  same: boolean;
  /** Some of what differs. */
  examples: readonly Difference[];
};

/**
 * Reads the documents of both sides and compares their number and checksum; where these differ it looks for examples in
 * a second reading.
 */
export async function compareIndex(input: Compared): Promise<Comparison> {
  const { index, source, target, sourceBounds, targetBounds, keyed, signal } = input;
  const digestOf = async (side: Side, bounds: Bounds): Promise<Digest> => {
    const digest = emptyDigest();
    for await (const hits of readPages(side, { index, bounds })) {
      signal.throwIfAborted();
      for (const hit of hits) addTo(digest, fingerprintOf(hit, keyed));
    }
    return digest;
  };
  const ours = await digestOf(source, sourceBounds);
  const theirs = await digestOf(target, targetBounds);
  const told = ({ documents, ...digest }: Digest) => ({ documents, checksum: checksumText(digest) });
  const found =
    ours.checksum === theirs.checksum && ours.documents === theirs.documents
      ? { differences: 0, superseded: 0, examples: [] }
      : await differencesOf({ ...input, ours, theirs });
  return {
    index: index.name,
    source: told(ours),
    target: told(theirs),
    superseded: found.superseded,
    same: found.differences === 0,
    examples: found.examples,
  };
}
