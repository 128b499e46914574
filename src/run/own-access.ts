import type { Clock } from "../lib/clock.ts";
import { isLoopback } from "../lib/listen-address.ts";
import { type Access, createAccess } from "../serve/access/access.ts";
import { createKeyStore } from "../serve/access/key-store.ts";

/**
 * Whom the web pages and the native API let in: on a loopback address everybody who reaches it, on any other those with
 * a key or a password of the data directory. Without any there, nobody is let in, and the address is refused.
 */
export async function ownAccess(input: {
  host: string;
  dataDirectory: string;
  clock: Clock;
}): Promise<{ access?: Access; authenticates: boolean }> {
  const { host, dataDirectory, clock } = input;
  if (isLoopback(host)) return { authenticates: false };
  const store = createKeyStore({ dataDirectory, clock });
  if (!(await store.hasCredentials())) return { authenticates: false };
  return { access: createAccess({ store, clock, isLoopback: false, anonymous: "none" }), authenticates: true };
}
