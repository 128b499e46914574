import { createHash, randomBytes, scrypt, timingSafeEqual } from "node:crypto";

/** Costs of scrypt as OWASP's Password Storage Cheat Sheet gives them for 16 MiB: N = 2^14, r = 8, p = 5. */
const SCRYPT = { N: 2 ** 14, r: 8, p: 5, maxmem: 64 * 2 ** 20 };
const HASH_BYTES = 32;

/** An API key as it is shown once: 120 bits of id, 128 of secret, in the letters of base64url. */
export function newKey(): { id: string; secret: string } {
  return { id: randomBytes(15).toString("base64url"), secret: randomBytes(16).toString("base64url") };
}

/** A secret of 128 random bits cannot be guessed from a fast hash; a password can, and has `hashPassword`. */
export function hashSecret(secret: string): string {
  return createHash("sha256").update(secret).digest("base64url");
}

export function isSecret(secret: string, hash: string): boolean {
  return sameBytes(Buffer.from(hashSecret(secret)), Buffer.from(hash));
}

/** `scrypt$N$r$p$salt$hash`, salt and hash in base64url. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  const hash = await derive({ password, salt, ...SCRYPT });
  return ["scrypt", SCRYPT.N, SCRYPT.r, SCRYPT.p, salt.toString("base64url"), hash.toString("base64url")].join("$");
}

export async function isPassword(password: string, hash: string): Promise<boolean> {
  const [scheme, N = "", r = "", p = "", salt = "", expected = ""] = hash.split("$");
  const costs = { N: Number(N), r: Number(r), p: Number(p) };
  if (scheme !== "scrypt" || costs.N > SCRYPT.N || costs.r > SCRYPT.r || costs.p > SCRYPT.p) return false;
  const derived = await derive({ password, salt: Buffer.from(salt, "base64url"), ...costs });
  return sameBytes(derived, Buffer.from(expected, "base64url"));
}

/** Takes as long whatever the two are; that they differ in length is told at once, and no secret. */
function sameBytes(a: Buffer, b: Buffer): boolean {
  return a.length === b.length && timingSafeEqual(a, b);
}

function derive(input: { password: string; salt: Buffer; N: number; r: number; p: number }): Promise<Buffer> {
  const { password, salt, N, r, p } = input;
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
  scrypt(password.normalize("NFKC"), salt, HASH_BYTES, { N, r, p, maxmem: SCRYPT.maxmem }, (error, hash) =>
    error === null ? resolve(hash) : reject(error),
  );
  return promise;
}
