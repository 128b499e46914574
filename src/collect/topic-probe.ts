import type { Clock } from "../lib/clock.ts";
import { connectEvents, REFUSAL_LIMIT_MS } from "./event-connection.ts";
import type { NodeUrl } from "./node-url.ts";

/**
 * Whether a node takes these topics together. A node that stays silent has taken them and waits for their first event.
 * Throws when it cannot be asked.
 */
export async function acceptsTopics(options: {
  node: string;
  url: NodeUrl;
  topics: readonly string[];
  clock: Clock;
  signal: AbortSignal;
}): Promise<boolean> {
  const enough = new AbortController();
  const end = await connectEvents({
    ...options,
    signal: AbortSignal.any([options.signal, enough.signal, AbortSignal.timeout(REFUSAL_LIMIT_MS)]),
    onOpen: () => enough.abort(),
    onData: () => {},
  });
  if (end.kind === "failed") throw end.fault;
  return end.kind !== "refused";
}

/**
 * Which of the topics made a node refuse all of them: the one that its message names, else those that halving finds.
 * Empty when each topic alone is taken.
 */
export async function findRefusedTopics(options: {
  topics: readonly string[];
  body: string;
  accepts(topics: readonly string[]): Promise<boolean>;
}): Promise<readonly string[]> {
  const { topics, body, accepts } = options;
  const named = namedTopic(topics, body);
  return named === undefined ? halve(topics, accepts) : [named];
}

/** A message may also list the topics that are valid: only the word after "invalid topic", or a lone mention, counts. */
function namedTopic(topics: readonly string[], body: string): string | undefined {
  const accused = /(?:invalid|unknown|unsupported|unrecogni[sz]ed)\b[^:"'`]*topics?\b\W*([a-z0-9_]+)/i.exec(body)?.[1];
  if (accused !== undefined && topics.includes(accused)) return accused;
  const words = new Set(body.match(/[a-z0-9_]+/gi));
  const mentioned = topics.filter((topic) => words.has(topic));
  return mentioned.length === 1 ? mentioned[0] : undefined;
}

async function halve(
  topics: readonly string[],
  accepts: (topics: readonly string[]) => Promise<boolean>,
): Promise<readonly string[]> {
  if (await accepts(topics)) return [];
  if (topics.length === 1) return topics;
  const middle = Math.ceil(topics.length / 2);
  return [...(await halve(topics.slice(0, middle), accepts)), ...(await halve(topics.slice(middle), accepts))];
}
