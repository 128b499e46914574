import type { Broadcaster } from "../lib/broadcast.ts";
import type { LiveItem, Source } from "../serve/source.ts";

/** Nodes change with every event; the live readers are told this often at most. */
const EVERY_MS = 500;

/** Tells the live readers of nodes and health when they changed; returns how to stop. */
export function tellNodes(input: { source: Source; live: Broadcaster<LiveItem> }): () => Promise<void> {
  const { source, live } = input;
  const told = new Map<string, string>();
  const tell = (key: string, item: LiveItem) => {
    const text = JSON.stringify(item.data);
    if (told.get(key) === text) return;
    told.set(key, text);
    live.publish(item);
  };
  const timer = setInterval(() => {
    for (const node of source.nodes()) tell(`node/${node.name}`, { event: "node", data: node });
    tell("health", { event: "health", data: source.health() });
  }, EVERY_MS);
  return async () => clearInterval(timer);
}
