import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { z } from "zod";
import { readTextIfAny, writeFileAtomically } from "../../lib/atomic-file.ts";
import { Fault } from "../../lib/fault.ts";

/** What a link in a message may do. A GET of it shows a page that asks; only the POST of that page does it. */
export type LinkDeed =
  | { kind: "acknowledge"; alert: string; by: string | null }
  /** No more mail of this rule to this address. */
  | { kind: "unsubscribe"; address: string; rule: string };

export type LinkKey = Buffer;

/** Path below the pages' address, with the token as `token`. */
export const LINK_PATH = "/alerts/link";
export const LINK_LIFETIME_MS = 7 * 24 * 3_600_000;

const deed = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("acknowledge"), alert: z.string(), by: z.string().nullable() }),
  z.strictObject({ kind: z.literal("unsubscribe"), address: z.string(), rule: z.string() }),
]);
const token = z.strictObject({ deed, until: z.number() });

/** The full address of a link that holds for seven days from `nowMs`. */
export function signLink(input: { key: LinkKey; publicUrl: string; deed: LinkDeed; nowMs: number }): string {
  const { key, publicUrl, nowMs } = input;
  const body = Buffer.from(JSON.stringify({ deed: input.deed, until: nowMs + LINK_LIFETIME_MS })).toString("base64url");
  return `${publicUrl.replace(/\/+$/, "")}${LINK_PATH}?token=${body}.${signatureOf(key, body)}`;
}

/** What a token allows. Throws `link_invalid` for one that is not ours, `link_expired` for one that was. */
export function readLink(input: { key: LinkKey; token: string; nowMs: number }): LinkDeed {
  const [body = "", signature = "", ...rest] = input.token.split(".");
  const expected = Buffer.from(signatureOf(input.key, body));
  const told = Buffer.from(signature);
  if (rest.length > 0 || told.length !== expected.length || !timingSafeEqual(told, expected)) throw invalid();
  const read = token.safeParse(jsonOf(body));
  if (!read.success) throw invalid();
  if (input.nowMs >= read.data.until) {
    throw new Fault("link_expired", "This link is older than seven days: use the page of alerts instead.");
  }
  return read.data.deed;
}

/** The key of a file, made there when there is none. Throws `link_key_invalid`. */
export async function readLinkKey(path: string): Promise<LinkKey> {
  const text = await readTextIfAny(path);
  if (text === undefined) {
    const key = randomBytes(32);
    await writeFileAtomically(path, `${key.toString("hex")}\n`);
    return key;
  }
  if (!/^[0-9a-f]{64}\s*$/i.test(text)) {
    throw new Fault("link_key_invalid", `The key file ${path} must hold 64 hexadecimal digits.`);
  }
  return Buffer.from(text.trim(), "hex");
}

/** For this purpose alone, whatever else the key might sign one day. */
function signatureOf(key: LinkKey, body: string): string {
  return createHmac("sha256", key).update(`alert-link ${body}`).digest("base64url");
}

function jsonOf(body: string): unknown {
  try {
    return JSON.parse(Buffer.from(body, "base64url").toString());
  } catch {
    return undefined;
  }
}

function invalid(): Fault {
  return new Fault("link_invalid", "This link was not made here, or it was changed on its way.");
}
