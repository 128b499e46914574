import { spawn } from "node:child_process";
import { until } from "../rigs/until.ts";

export type Bucket = { key: string | number; doc_count: number } & Readonly<Record<string, unknown>>;
export type SearchAnswer = {
  hits: { total: { value: number; relation: string }; hits: readonly { _index: string; _source: Source }[] };
  aggregations?: Readonly<Record<string, { buckets: readonly Bucket[] }>>;
};
/** What senders make of their documents is theirs. */
// biome-ignore lint/suspicious/noExplicitAny: tests read what they expect there
export type Source = any;

/** One search over HTTP, as anybody asks; throws what it answers unless that is 200. */
export async function search(url: string, index: string, body: object): Promise<SearchAnswer> {
  const response = await fetch(`${url}/${index}/_search`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ track_total_hits: true, ...body }),
  });
  const text = await response.text();
  if (response.status !== 200) throw new Error(`${index}: ${response.status} ${text}`);
  return JSON.parse(text);
}

/** How many documents of an index a query finds; none while there is no index. */
export async function count(url: string, index: string, query: object = { match_all: {} }): Promise<number> {
  await fetch(`${url}/_refresh`, { method: "POST" });
  const response = await fetch(`${url}/${index}/_count?ignore_unavailable=true`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ query }),
  });
  const answer = (await response.json()) as { count?: number };
  if (answer.count === undefined) throw new Error(`${index}: ${response.status} ${JSON.stringify(answer)}`);
  return answer.count;
}

/** Waits until as many documents as were sent are found; says how many there are, and what its sender said, if not. */
export async function found(
  url: string,
  input: { index: string; documents: number; query?: object; sender: Sender },
): Promise<void> {
  const { index, documents, query, sender } = input;
  let counted = 0;
  const isThere = async () => {
    counted = await count(url, index, query);
    return counted >= documents;
  };
  await until(`${documents} documents in ${index}`, isThere, 60_000).catch((error: Error) => {
    throw new Error(`${error.message}: there are ${counted}, and the sender said: ${sender.said()}`);
  });
}

/** A sender that runs until it is ended. */
export type Sender = {
  /** What it said. */
  said(): string;
  /** Ends it in order, so that it sends what it still has. */
  end(signal?: NodeJS.Signals): Promise<void>;
  ended: Promise<number | null>;
};

/** Starts a sender; it is killed with this process. */
export function startSender(command: string, args: readonly string[], env: Record<string, string> = {}): Sender {
  const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, ...env } });
  const killNow = () => child.kill("SIGKILL");
  process.once("exit", killNow);
  let said = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      said = (said + text).slice(-100_000);
    });
  }
  const ended = new Promise<number | null>((resolve) => {
    child.once("error", (error) => {
      said += error.message;
      resolve(null);
    });
    child.once("close", (code) => resolve(code));
  }).finally(() => process.off("exit", killNow));
  return {
    said: () => said,
    async end(signal = "SIGTERM") {
      child.kill(signal);
      await ended;
    },
    ended,
  };
}
