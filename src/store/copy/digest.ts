import { hash } from "node:crypto";
import type { Json } from "../../events/document.ts";
import type { SearchHit } from "../../search/request.ts";

/**
 * What a set of documents adds up to, whatever their order: the sum of 64-bit hashes modulo 2^64, also by bucket, so
 * that what differs can be looked for in a part of them.
 */
export type Digest = { documents: number; checksum: bigint; buckets: { documents: number; checksum: bigint }[] };

export const BUCKETS = 256;
const MODULUS = 1n << 64n;

export function emptyDigest(): Digest {
  return {
    documents: 0,
    checksum: 0n,
    buckets: Array.from({ length: BUCKETS }, () => ({ documents: 0, checksum: 0n })),
  };
}

/** One document as it is compared: documents with the same key are held against each other. */
export type Fingerprint = { key: string; hash: bigint; bucket: number };

/** With `keyed` the `_id` counts, where both sides keep it. */
export function fingerprintOf({ _id, _source }: SearchHit, keyed: boolean): Fingerprint {
  const text = canonicalJson(_source);
  const value = hash64(keyed ? `${_id}\n${text}` : text);
  const key = keyed ? _id : value.toString(16);
  return { key, hash: value, bucket: Number((keyed ? hash64(_id) : value) % BigInt(BUCKETS)) };
}

export function addTo(digest: Digest, { hash: value, bucket }: Fingerprint): void {
  const part = digest.buckets[bucket];
  if (part === undefined) return;
  digest.documents += 1;
  digest.checksum = (digest.checksum + value) % MODULUS;
  part.documents += 1;
  part.checksum = (part.checksum + value) % MODULUS;
}

export function checksumText({ checksum }: Pick<Digest, "checksum">): string {
  return checksum.toString(16).padStart(16, "0");
}

/** The first eight bytes of SHA-256. */
function hash64(text: string): bigint {
  return hash("sha256", text, "buffer").readBigUInt64BE(0);
}

/** JSON with the keys of every object in order. */
export function canonicalJson(value: Json): string {
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  if (Array.isArray(value)) return `[${(value as readonly Json[]).map(canonicalJson).join(",")}]`;
  const object = value as { readonly [key: string]: Json };
  const parts = Object.keys(object)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${canonicalJson(object[key] ?? null)}`);
  return `{${parts.join(",")}}`;
}
