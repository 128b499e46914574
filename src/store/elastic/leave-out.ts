import { isForItself } from "./by-names.ts";
import { refused } from "./dialect.ts";
import type { Engine, EngineAnswer, EngineObject } from "./engine.ts";
import type { Operation } from "./operations.ts";

/** An engine answers with 10 000 hits at most; ids of this many make a request of some kilobytes. */
const AT_ONCE = 1_000;

/**
 * Leaves out the documents that a data stream has already. A `create` meets those of the stream's newest index alone:
 * what was stored before the stream began a new one would be there twice. Of a stream that cannot be read for its own
 * sake, by rights or since it is closed, nothing is left out, unless it is needed. Rejects with `engine_*`.
 */
export async function leaveOutStored(input: {
  engine: Engine;
  operations: readonly Operation[];
  isNeeded: (stream: string) => boolean;
  signal: AbortSignal;
}): Promise<Operation[]> {
  const { engine, operations, isNeeded, signal } = input;
  const stored = new Set<Operation>();
  const streams = Map.groupBy(
    operations.filter(({ kind }) => kind === "stream"),
    ({ index }) => index,
  );
  const query = { ignore_unavailable: true, allow_no_indices: true };
  for (const [stream, members] of streams) {
    const path = `/${encodeURIComponent(stream)}`;
    const isPassedOver = (answer: EngineAnswer) => !isNeeded(stream) && isForItself(answer);
    const refreshed = await engine.ask({ method: "POST", path: `${path}/_refresh`, query, signal });
    if (isPassedOver(refreshed)) continue;
    if (refreshed.status >= 300 && refreshed.status !== 404) throw refused(`refresh ${stream}`, refreshed);
    for (let at = 0; at < members.length; at += AT_ONCE) {
      const slice = members.slice(at, at + AT_ONCE);
      const answer = await engine.ask({
        method: "POST",
        path: `${path}/_search`,
        query: { ...query, allow_partial_search_results: false },
        body: {
          size: AT_ONCE,
          _source: false,
          track_total_hits: false,
          query: { ids: { values: slice.map(({ id }) => id) } },
        },
        signal,
      });
      if (answer.status === 404 || isPassedOver(answer)) break;
      if (answer.status !== 200) throw refused(`search ${stream}`, answer);
      const { hits } = (answer.body["hits"] ?? { hits: [] }) as { hits: readonly EngineObject[] };
      const found = new Set(hits.map((hit) => String(hit["_id"])));
      for (const operation of slice) if (found.has(operation.id)) stored.add(operation);
    }
  }
  return stored.size === 0 ? [...operations] : operations.filter((operation) => !stored.has(operation));
}
