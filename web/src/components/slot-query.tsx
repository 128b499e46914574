import { queryText, slotQuery } from "../lib/query-dsl.ts";
import { CopyButton } from "./copy-button.tsx";
import { Panel } from "./panel.tsx";

/** The search that finds all of this in the store. */
export function SlotQueryPanel({ network, slot }: { network: string; slot: number }) {
  const query = slotQuery(network, slot);
  const text = queryText(query);
  return (
    <Panel
      title="As a search"
      hint="The body of a _search in Elasticsearch's Query DSL that finds everything stored of this slot."
      className="slot-query"
      aside={
        <CopyButton text={text} className="button" label="Copy as Query DSL">
          Copy as Query DSL
        </CopyButton>
      }
    >
      <details className="data-table">
        <summary>Show it</summary>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls sideways on a phone and must be reachable by keyboard */}
        <pre className="code" tabIndex={0}>
          {`POST /${query.pattern}/_search\n${text}`}
        </pre>
      </details>
    </Panel>
  );
}
