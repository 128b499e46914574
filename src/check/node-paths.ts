import type { Chain } from "../chain/chain.ts";
import type { BeaconClient, JsonAnswer } from "../collect/beacon-client.ts";
import { PATHS } from "../collect/beacon-poll.ts";
import { dutiesOf } from "../collect/proposer-duties.ts";
import { answerOf } from "../events/answers/answers.ts";
import type { Clock } from "../lib/clock.ts";
import { type Fault, isAborted, isFault } from "../lib/fault.ts";
import type { Finding, NodeReport } from "./report.ts";

/** An answer, and when it was asked for: its round trip is part of what its date says. */
export type TimedAnswer = { path: string; askedAtUs: number; answer: JsonAnswer };

/** A node's REST interface, with every answer noted for its date. */
export type Asking = { getJson(path: string): Promise<JsonAnswer>; readonly answers: readonly TimedAnswer[] };

/** A node that let one question time out is not waited for as long again. */
const IMPATIENT_MS = 1_000;

export function createAsking(input: { client: BeaconClient; clock: Clock; timeLimitMs: number }): Asking {
  const { client, clock } = input;
  const answers: TimedAnswer[] = [];
  let { timeLimitMs } = input;
  return {
    answers,
    async getJson(path) {
      const askedAtUs = clock.nowUs();
      try {
        const answer = await client.getJson(path, { timeLimitMs });
        answers.push({ path, askedAtUs, answer });
        return answer;
      } catch (error) {
        if (isFault(error, "node_timeout")) timeLimitMs = Math.min(timeLimitMs, IMPATIENT_MS);
        throw error;
      }
    },
  };
}

type Wanted = { path: string; ask(asking: Asking): Promise<unknown>; cost: string };

/** Asks for every path that watching uses. Throws what is no fault of the node. */
export async function askPaths(input: { asking: Asking; chain: Chain; clock: Clock }): Promise<{
  paths: NodeReport["paths"];
  findings: Finding[];
}> {
  const { asking, chain, clock } = input;
  const paths: Record<string, "ok" | "missing" | "failed"> = { [PATHS.spec]: "ok", [PATHS.genesis]: "ok" };
  const findings: Finding[] = [];
  for (const { path, ask, cost } of wantedPaths(chain, clock)) {
    try {
      await ask(asking);
      paths[path] = "ok";
    } catch (error) {
      if (isAborted(error) || !isFault(error)) throw error;
      const isMissing = error.code === "node_http_error" && error.retry === "final";
      paths[path] = isMissing ? "missing" : "failed";
      findings.push(isMissing ? missing({ path, fault: error, cost }) : failing({ path, fault: error, cost }));
    }
  }
  return { paths, findings };
}

function wantedPaths(chain: Chain, clock: Clock): Wanted[] {
  const plain = (path: string, cost: string): Wanted => ({ path, ask: ({ getJson }) => getJson(path), cost });
  return [
    plain(PATHS.version, "its client is not known, and clients cannot be compared by it"),
    plain(PATHS.syncing, "while it syncs, its late events are taken for the network's"),
    plain(PATHS.peerCount, "its peers are not shown"),
    plain(PATHS.identity, "its identity among its peers is not kept"),
    plain(PATHS.head, "a stream that is open but dead is not noticed, nor its head between events known"),
    {
      path: "/eth/v1/beacon/headers/{block_root}",
      ask: ({ getJson, answers }) => getJson(`/eth/v1/beacon/headers/${headRootOf(answers) ?? "head"}`),
      cost: "parents of blocks are inferred from the order of heads, and depths of reorgs may be wrong",
    },
    plain(PATHS.finality, "its finality is known only from its events, and not before the next one"),
    {
      path: "/eth/v1/validator/duties/proposer/{epoch}",
      ask: (asking) => askDuties({ asking, epoch: Math.max(0, chain.epochOf(chain.slotAt(clock.nowUs()))) }),
      cost: "who had to propose in a missed slot is not known, unless another node tells",
    },
  ];
}

/** At an epoch's turn a node may be in the next one already, and answer for that and the one after it alone. */
async function askDuties({ asking, epoch }: { asking: Asking; epoch: number }): Promise<void> {
  try {
    await dutiesOf(asking, epoch);
  } catch (error) {
    if (!isFault(error, "node_http_error")) throw error;
    await dutiesOf(asking, epoch + 1).catch(() => {
      throw error;
    });
  }
}

function headRootOf(answers: readonly TimedAnswer[]): string | undefined {
  const head = answers.find(({ path }) => path === PATHS.head);
  const { dataset, match } = answerOf(PATHS.head) ?? {};
  if (head === undefined || dataset === undefined || match === undefined) return undefined;
  const parsed = dataset.parse(head.answer.body, match);
  return parsed.success && parsed.data.answer.kind === "header" ? parsed.data.answer.root : undefined;
}

function missing(input: { path: string; fault: Fault; cost: string }): Finding {
  const { path, fault, cost } = input;
  const status = fault.details["status"];
  return { severity: "lesser", code: "path_missing", sentence: `${path} is not answered (${status}): ${cost}.` };
}

function failing(input: { path: string; fault: Fault; cost: string }): Finding {
  const { fault, cost } = input;
  const sentence = `${fault.message.replace(/\.$/, "")}; while that lasts, ${cost}.`;
  return { severity: "lesser", code: "path_failed", sentence, temporary: true };
}
