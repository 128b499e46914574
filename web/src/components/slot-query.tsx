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
      hint="Finds everything stored of this slot."
      className="slot-query"
      aside={
        <CopyButton text={text} className="button" label="Copy as Query DSL">
          Copy as Query DSL
        </CopyButton>
      }
    >
      <details className="data-table">
        <summary>Show it</summary>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls sideways and must be reachable by keyboard */}
        <pre className="code" tabIndex={0}>
          {`POST /${query.pattern}/_search\n${text}`}
        </pre>
      </details>
    </Panel>
  );
}
