import { useCallback, useEffect, useMemo, useState, useSyncExternalStore } from "react";
import type { Json } from "../../../src/events/document.ts";
import type { ResolvedTime } from "../../../src/panels/round-spans.ts";
import type { SearchHit, SearchResponse } from "../../../src/search/request.ts";
import { exploreRequest, PAGE_SIZE } from "./explore-request.ts";
import { type ExploreState, writeExplore } from "./explore-state.ts";
import { useMonitor } from "./monitor.tsx";
import { panelApi } from "./panels-of.ts";
import { resolved } from "./time-words.ts";
import { type Answer, faultOf, useAnswer } from "./use-answer.ts";

/** What a search found: the first answer, and the pages that were asked for after it. */
export type Found = { first: SearchResponse; time: ResolvedTime };

export type Exploring = {
  told: Answer<Found>;
  hits: readonly SearchHit[];
  /** Whether there may be more than is shown. */
  hasMore: boolean;
  loading: boolean;
  problem: string | undefined;
  more(): void;
};

/** Searches when anything of the search changes, or `tick` does; `index` is what is looked at in the end. */
export function useExplore(input: {
  state: ExploreState;
  index: string | undefined;
  timeField: string | undefined;
  tick: number;
}): Exploring {
  const { state, index, timeField, tick } = input;
  const { clock, store } = useMonitor();
  // Until the monitor has told its time, "the last hour" would be that of the browser's own clock.
  const timed = useSyncExternalStore(store.subscribe, () => store.get().phase.kind !== "loading");
  // Columns are what is shown, not what is searched.
  const key = writeExplore({ ...state, index: undefined, columns: [] }).toString();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key is all of the state that is searched by
  const searched = useMemo(() => state, [key]);
  const ask = useCallback(
    async (signal: AbortSignal): Promise<Found> => {
      const at = resolved(searched.time, clock.nowMs());
      if ("problem" in at) throw new Error(at.problem);
      const body = exploreRequest({ state: searched, timeField, time: at.time });
      return { first: await panelApi.search({ index: index ?? "", body }, signal), time: at.time };
    },
    [searched, index, timeField, clock],
  );
  const told = useAnswer(index === undefined || !timed ? undefined : ask, tick);
  const found = told.kind === "ready" ? told.answer : undefined;
  const [pages, setPages] = useState<{ of: Found | undefined; hits: readonly SearchHit[]; ended: boolean }>({
    of: undefined,
    hits: [],
    ended: false,
  });
  const [wanted, setWanted] = useState<readonly Json[]>();
  const [problem, setProblem] = useState<string>();
  const later = pages.of === found ? pages.hits : [];
  const hits = useMemo(() => [...(found?.first.hits.hits ?? []), ...later], [found, later]);

  useEffect(() => {
    if (wanted === undefined || found === undefined || index === undefined) return;
    const abort = new AbortController();
    const body = exploreRequest({ state: searched, timeField, time: found.time, after: wanted });
    panelApi.search({ index, body }, abort.signal).then(
      (answer) => {
        const next = answer.hits.hits;
        setPages((before) => ({
          of: found,
          hits: [...(before.of === found ? before.hits : []), ...next],
          ended: next.length < PAGE_SIZE,
        }));
        setWanted(undefined);
      },
      (error: unknown) => {
        if (abort.signal.aborted) return;
        setProblem(faultOf(error).message);
        setWanted(undefined);
      },
    );
    return () => abort.abort();
  }, [wanted, found, index, searched, timeField]);

  const full = (found?.first.hits.hits.length ?? 0) >= PAGE_SIZE;
  return {
    told,
    hits,
    hasMore: full && !(pages.of === found && pages.ended),
    loading: wanted !== undefined,
    problem,
    more() {
      setProblem(undefined);
      setWanted(hits.at(-1)?.sort);
    },
  };
}
