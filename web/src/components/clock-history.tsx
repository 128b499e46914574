import { type SyntheticEvent, useState } from "react";
import type { ClockLook } from "../../../src/serve/views.ts";
import { ClockChart } from "../charts/clock-chart.tsx";
import { formatMs, offsetWords, reasonWords } from "../lib/clock-words.ts";
import { formatDuration, formatUtc } from "../lib/format.ts";
import { useClockLooks } from "../lib/use-clock-looks.ts";
import { ScrollTable } from "./scroll-table.tsx";

/** The looks at the clock that are stored of one span, as a chart and as a table. */
export function ClockHistory(props: { span: { fromMs: number; toMs: number }; hasServers: boolean; nowMs: number }) {
  const { span, hasServers, nowMs } = props;
  const stored = useClockLooks(nowMs);
  if (stored.kind === "loading") return <span className="bone" />;
  if (stored.kind === "failed") return <p className="empty">The looks before could not be read. {stored.sentence}</p>;
  const looks = stored.answer.filter(({ at_ms }) => at_ms >= span.fromMs && at_ms <= span.toMs);
  if (looks.length === 0) {
    return (
      <p className="empty">
        No look at the clock is stored of the last {formatDuration(span.toMs - span.fromMs)} yet: the first comes about
        a minute after the start.
      </p>
    );
  }
  return (
    <>
      <ClockChart looks={looks} {...span} hasServers={hasServers} />
      <LookTable looks={looks} />
    </>
  );
}

function LookTable({ looks }: { looks: readonly ClockLook[] }) {
  const [open, setOpen] = useState(false);
  return (
    <details
      className="data-table"
      onToggle={(event: SyntheticEvent<HTMLDetailsElement>) => setOpen(event.currentTarget.open)}
    >
      <summary>The same as a table</summary>
      {open && (
        <ScrollTable label="Looks at the clock">
          <thead>
            <tr>
              <th scope="col">When</th>
              <th scope="col">This clock</th>
              {["Late, p50", "p99", "most"].map((title) => (
                <th scope="col" className="right" key={title}>
                  {title}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {looks.map((look) => (
              <tr key={look.at_ms}>
                <th scope="row" className="number">
                  {formatUtc(look.at_ms)}
                </th>
                <td>{lookWords(look)}</td>
                <td className="right number">{formatMs(look.loop_delay_p50_ms)}</td>
                <td className="right number">{formatMs(look.loop_delay_p99_ms)}</td>
                <td className="right number">{formatMs(look.loop_delay_max_ms)}</td>
              </tr>
            ))}
          </tbody>
        </ScrollTable>
      )}
    </details>
  );
}

function lookWords({ reachable, offset_ms, error_ms, server, reason }: ClockLook): string {
  if (reachable === null) return "not compared";
  if (offset_ms === null || error_ms === null) return reasonWords(reason);
  return `${offsetWords(offset_ms)} ± ${formatMs(error_ms)}, by ${server}`;
}
