import type { Json } from "../../../src/events/document.ts";
import type { ResolvedTime } from "../../../src/panels/round-spans.ts";
import { PAGE_SIZE, type SearchWords, searchBody, searchQuery } from "../../../src/panels/saved-search.ts";
import type { QueryBody, SearchRequest } from "../../../src/search/request.ts";
import type { ExploreState } from "./explore-state.ts";

export { PAGE_SIZE };

/** The query of a search: its words and its filters, without the range of time. */
export function exploreQuery({ queryString, filters }: Pick<ExploreState, "queryString" | "filters">): QueryBody {
  return searchQuery({ query_string: queryString, filters });
}

/** What a search asks for, as it would be answered if it were saved. */
export function exploreRequest(input: {
  state: ExploreState;
  timeField: string | undefined;
  time: ResolvedTime;
  after?: readonly Json[];
}): SearchRequest {
  const { state, ...range } = input;
  return searchBody({ search: wordsOf(state), ...range });
}

function wordsOf({ queryString, filters, sort }: ExploreState): SearchWords {
  return { query_string: queryString, filters, sort: sort ?? null };
}
