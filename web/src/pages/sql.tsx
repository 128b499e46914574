import { type FormEvent, useCallback, useState } from "react";
import { PanelTrouble } from "../components/board/panel-trouble.tsx";
import { CopyButton } from "../components/copy-button.tsx";
import { ExploreTabs } from "../components/explore/explore-tabs.tsx";
import { SqlResult } from "../components/explore/sql-result.tsx";
import { Notice } from "../components/notice.tsx";
import { faultWords } from "../lib/fault-words.ts";
import type { SqlAnswer, SqlTable } from "../lib/panel-views.ts";
import { panelApi } from "../lib/panels-of.ts";
import { navigate, useLocation } from "../lib/router.ts";
import { useAnswer } from "../lib/use-answer.ts";
import { useMode } from "../lib/use-mode.ts";
import { useWide } from "../lib/use-wide.ts";
import { pathWith } from "../lib/view-state.ts";

/** Rows that are asked for; more are told to be left out. */
const MOST_ROWS = 10_000;

/** One SELECT over the embedded store's tables, its rows as a table and a chart. The query stands in the address. */
export function SqlPage() {
  const mode = useMode();
  const { query } = useLocation();
  const asked = query.get("sql") ?? "";
  return (
    <div className="explore-page">
      <header className="page-head">
        <h1>SQL</h1>
        <ExploreTabs current="sql" />
      </header>
      {!mode.told ? (
        <span className="bone block" />
      ) : mode.sql ? (
        <Console asked={asked} />
      ) : (
        <Notice title="There is no SQL here">
          <p>
            Only a monitor that keeps its documents in its own database is asked by SQL, and not in public. The search
            does without.
          </p>
        </Notice>
      )}
    </div>
  );
}

function Console({ asked }: { asked: string }) {
  const [text, setText] = useState(asked);
  const [tick, setTick] = useState(0);
  const ask = useCallback((signal: AbortSignal) => panelApi.sql({ sql: asked, limit: MOST_ROWS }, signal), [asked]);
  const told = useAnswer<SqlAnswer>(asked === "" ? undefined : ask, tick);
  const askTables = useCallback((signal: AbortSignal) => panelApi.sqlTables(signal), []);
  const tables = useAnswer(askTables, undefined);
  const run = () => {
    if (text.trim() === asked) setTick(tick + 1);
    else navigate(pathWith("/explore/sql", new URLSearchParams(text.trim() === "" ? {} : { sql: text.trim() })));
  };
  return (
    <div className="explore-body">
      <Tables
        tables={tables.kind === "ready" ? tables.answer.tables : []}
        onChoose={(table) => setText(`SELECT * FROM ${quoted(table)} LIMIT 100`)}
      />
      <div className="sql-main">
        <form
          className="panel form"
          onSubmit={(event: FormEvent) => {
            event.preventDefault();
            run();
          }}
        >
          <div className="field">
            <label htmlFor="sql">A SELECT of DuckDB's SQL; it can only read</label>
            <textarea
              id="sql"
              className="json-text number"
              rows={4}
              spellCheck={false}
              autoComplete="off"
              value={text}
              placeholder="SELECT slot, delay_ms FROM slot ORDER BY slot DESC LIMIT 100"
              onChange={({ target }) => setText(target.value)}
              onKeyDown={(event) => {
                if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
                event.preventDefault();
                run();
              }}
            />
          </div>
          <div className="form-end">
            <button type="submit" className="button primary" disabled={text.trim() === ""}>
              Run
            </button>
            <span className="hint">Ctrl + Enter runs it, too.</span>
            {asked !== "" && (
              <CopyButton
                text={window.location.href}
                className="quiet-button"
                label="Share: copy the address of this query"
              >
                Share
              </CopyButton>
            )}
          </div>
        </form>
        {asked !== "" && told.kind === "loading" && (
          <div className="panel" aria-busy="true">
            <span className="visually-hidden">Running</span>
            <span className="bone short" />
            <span className="bone block" />
          </div>
        )}
        {told.kind === "failed" && (
          <div className="panel">
            <PanelTrouble title={faultWords(told.fault).title}>{faultWords(told.fault).sentence}</PanelTrouble>
          </div>
        )}
        {told.kind === "ready" && asked !== "" && <SqlResult answer={told.answer} />}
      </div>
    </div>
  );
}

function Tables({ tables, onChoose }: { tables: readonly SqlTable[]; onChoose(table: string): void }) {
  const [open, setOpen] = useState<string>();
  return (
    <details className="panel field-list" open={useWide()}>
      <summary>Tables</summary>
      <ul>
        {tables.map(({ name, title, columns }) => (
          <li key={name}>
            <div className="field-line">
              <button
                type="button"
                className="field-name-button number"
                title={`${title}: its columns`}
                aria-expanded={open === name}
                onClick={() => setOpen(open === name ? undefined : name)}
              >
                {name}
              </button>
              <button
                type="button"
                className="tool-button small"
                aria-label={`Begin with ${name}`}
                title="Begin with this table"
                onClick={() => onChoose(name)}
              >
                +
              </button>
            </div>
            {open === name && (
              <ul className="top-values">
                {columns.map((column) => (
                  <li key={column.name}>
                    <span className="top-value number">{column.name}</span>
                    <span className="muted">{column.type.toLowerCase()}</span>
                  </li>
                ))}
              </ul>
            )}
          </li>
        ))}
      </ul>
    </details>
  );
}

function quoted(name: string): string {
  return /^[a-z_][a-z0-9_]*$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`;
}
