import { clientMark } from "./client-palette.ts";

/** Places of the palette, `--client-0` to `--client-7`. */
const PLACES = 8;

/**
 * A colour of the palette, as CSS, for each node and client by name: a client has its own everywhere, and a node has
 * its client's. Nodes of one client are told apart: but for the first one they have the places that are left.
 */
export function nodeColours(nodes: readonly { name: string; client: string | null }[]): Record<string, string> {
  const colours: Record<string, string> = {};
  for (const { client } of nodes) if (client !== null) colours[client] = clientMark(client).colour;
  const taken = new Set(Object.values(colours));
  const free = Array.from({ length: PLACES }, (_, place) => `var(--client-${place})`).filter((one) => !taken.has(one));
  const given = new Set<string>();
  for (const { name, client } of [...nodes].sort((a, b) => a.name.localeCompare(b.name))) {
    const own = clientMark(client).colour;
    const colour = given.has(own) ? (free.shift() ?? own) : own;
    given.add(colour);
    colours[name] = colour;
  }
  return colours;
}
