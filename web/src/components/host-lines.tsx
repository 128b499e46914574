import type { HostsAnswer, LogLine } from "../../../src/serve/views.ts";
import { formatCount, formatDelay, formatUtcTime } from "../lib/format.ts";
import { isError } from "../lib/host-words.ts";
import { LineMark } from "./line-mark.tsx";
import { Panel } from "./panel.tsx";
import { ScrollTable } from "./scroll-table.tsx";

const MOST_ROWS = 100;

/** Error and warning lines of the nodes' clients around a slot, by time. */
export function HostLines({ answer, startMs }: { answer: HostsAnswer; startMs: number }) {
  const { nodes } = answer;
  const all = nodes.flatMap(({ node, lines }) => (lines?.newest ?? []).map((line) => ({ node, line })));
  const shown = all.toSorted((a, b) => a.line.at_ms - b.line.at_ms).slice(-MOST_ROWS);
  const told = nodes.reduce((sum, { lines }) => sum + (lines === null ? 0 : lines.errors + lines.warnings), 0);
  const seen = nodes.reduce((sum, { lines }) => sum + (lines?.seen ?? 0), 0);
  if (seen === 0) return null;
  return (
    <Panel
      title="What the clients complained of"
      hint={`${shown.length} of ${formatCount(told, "error and warning", "errors and warnings")} from the slot before to the slot after, of ${formatCount(seen, "line")}.`}
      className="events host-lines"
    >
      {shown.length === 0 ? (
        <p className="empty">No client wrote an error or a warning.</p>
      ) : (
        <ScrollTable label="Errors and warnings of the clients">
          <thead>
            <tr>
              <th scope="col" className="right">
                After
              </th>
              <th scope="col">Written, UTC</th>
              <th scope="col">Node</th>
              <th scope="col">Client</th>
              <th scope="col">Class</th>
              <th scope="col">Line</th>
            </tr>
          </thead>
          <tbody>
            {shown.map(({ node, line }, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: lines have no identity beyond their place in the order of time
              <LineRow key={index} node={node} line={line} startMs={startMs} />
            ))}
          </tbody>
        </ScrollTable>
      )}
    </Panel>
  );
}

function LineRow({ node, line, startMs }: { node: string; line: LogLine; startMs: number }) {
  return (
    <tr>
      <td className="right number">{formatDelay(line.at_ms - startMs)}</td>
      <td className="number">{formatUtcTime(line.at_ms, "ms")}</td>
      <td className="number">{node}</td>
      <td>{line.client ?? <span className="muted">not known</span>}</td>
      <td>
        <span className="line-class">
          <LineMark error={isError(line)} />
          {line.error_type ?? line.level ?? "other"}
          <span className="visually-hidden">{isError(line) ? ", error" : ", warning"}</span>
        </span>
      </td>
      <td className="fields number">{line.message}</td>
    </tr>
  );
}
