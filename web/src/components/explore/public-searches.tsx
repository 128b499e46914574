import { useCallback, useState } from "react";
import { documentFields, fieldText } from "../../lib/document-fields.ts";
import { faultWords } from "../../lib/fault-words.ts";
import { formatCount, formatUtc } from "../../lib/format.ts";
import type { SearchesAnswer } from "../../lib/panel-views.ts";
import { panelApi } from "../../lib/panels-of.ts";
import { useAnswer } from "../../lib/use-answer.ts";
import { PanelTrouble } from "../board/panel-trouble.tsx";
import { CutText } from "../cut-text.tsx";
import { FaultNotice } from "../fault-notice.tsx";
import { Notice } from "../notice.tsx";
import { ScrollTable } from "../scroll-table.tsx";
import { BoardSkeleton } from "../skeleton.tsx";

/** In public there is no free search: the saved ones, each with what it finds. */
export function PublicSearches() {
  const ask = useCallback((signal: AbortSignal) => panelApi.searches(signal), []);
  const told = useAnswer(ask, undefined);
  if (told.kind === "loading") return <BoardSkeleton what="the saved searches" />;
  if (told.kind === "failed")
    return <FaultNotice heading="Explore" title="The saved searches could not be read" fault={told.fault} />;
  const { searches } = told.answer;
  return (
    <div className="explore-page">
      <header className="page-head">
        <h1>Saved searches</h1>
      </header>
      {searches.length === 0 ? (
        <Notice title="No search was saved">
          <p>This monitor is open to anyone: it answers the searches that its operator saved, and there is none yet.</p>
        </Notice>
      ) : (
        searches.map((search) => <PublicSearch key={search.id} search={search} />)
      )}
    </div>
  );
}

function PublicSearch({ search }: { search: SearchesAnswer["searches"][number] }) {
  const [open, setOpen] = useState(false);
  return (
    <details className="panel" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        <strong>{search.title}</strong> <span className="muted">{search.description}</span>
      </summary>
      {open && <Result id={search.id} title={search.title} />}
    </details>
  );
}

const SHOWN = 100;
const LINE_FIELDS = 4;

function Result({ id, title }: { id: string; title: string }) {
  const ask = useCallback(
    async (signal: AbortSignal) => {
      const [{ search }, result] = await Promise.all([
        panelApi.savedSearch(id, signal),
        panelApi.searchAnswer(id, undefined, signal),
      ]);
      return { search, result };
    },
    [id],
  );
  const told = useAnswer(ask, undefined);
  if (told.kind === "loading") return <span className="bone block" />;
  if (told.kind === "failed") {
    const { title: what, sentence } = faultWords(told.fault);
    return <PanelTrouble title={what}>{sentence}</PanelTrouble>;
  }
  const { search, result } = told.answer;
  const hits = result.answer.hits.hits.slice(0, SHOWN);
  const columns = search.columns;
  return (
    <>
      <p className="hint">
        {formatCount(result.answer.hits.total?.value ?? hits.length, "document")} from {formatUtc(result.from_ms)} to{" "}
        {formatUtc(result.to_ms)}
      </p>
      {hits.length === 0 ? (
        <PanelTrouble title="No document fits">Nothing of that time does.</PanelTrouble>
      ) : (
        <ScrollTable label={title}>
          <thead>
            <tr>
              {columns.length === 0 ? (
                <th scope="col">Document</th>
              ) : (
                columns.map((column) => (
                  <th scope="col" key={column}>
                    {column}
                  </th>
                ))
              )}
            </tr>
          </thead>
          <tbody>
            {hits.map((hit) => {
              const fields = documentFields(hit._source);
              return (
                <tr key={`${hit._index} ${hit._id}`}>
                  {columns.length === 0 ? (
                    <td className="document-line">
                      {fields.slice(0, LINE_FIELDS).map(({ name, value }) => (
                        <span className="line-field" key={name}>
                          <span className="muted">{name}</span> <CutText text={fieldText(value)} />
                        </span>
                      ))}
                    </td>
                  ) : (
                    columns.map((column) => (
                      <td key={column} className="wrapping">
                        <CutText text={fieldText(fields.find(({ name }) => name === column)?.value)} />
                      </td>
                    ))
                  )}
                </tr>
              );
            })}
          </tbody>
        </ScrollTable>
      )}
    </>
  );
}
