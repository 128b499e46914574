import type { ReactNode } from "react";
import type { ClockView, HealthView, TimeServerView } from "../../../src/serve/views.ts";
import { formatMs, offsetWords, serverWords, stampError } from "../lib/clock-words.ts";
import { useNowMs } from "../lib/monitor.tsx";
import { CLOCK_ANCHOR } from "../lib/router.ts";
import { useAnchor } from "../lib/use-anchor.ts";
import { ClockHistory } from "./clock-history.tsx";
import { Figure } from "./figure.tsx";
import { Moment } from "./moment.tsx";
import { Panel } from "./panel.tsx";
import { ScrollTable } from "./scroll-table.tsx";

/** Beyond this the delays of blocks and votes are off by more than nodes differ. */
const LIMIT_MS = 100;

/** What the stamps of arrivals are worth: this machine's clock against time servers, and how late the program runs. */
export function ClockPanel(props: { health: HealthView; demo: boolean; span: { fromMs: number; toMs: number } }) {
  const { health, demo, span } = props;
  const { clock, event_loop_delay_ms: delay } = health;
  const nowMs = useNowMs(1000);
  const anchor = useAnchor<HTMLSpanElement>(CLOCK_ANCHOR);
  const error = stampError(clock, delay);
  // The recorded nodes send by this very clock.
  const stampMs = demo && clock === null ? error.betweenNodesMs : error.absoluteMs;
  const isTooFar = (ms: number | undefined) => ms !== undefined && ms > LIMIT_MS;
  return (
    <Panel
      title="Clock"
      hint="What the stamps of arrivals are worth. They are this machine's own time; nothing is corrected by it."
      className="clock"
    >
      <span id={CLOCK_ANCHOR} className="anchor" ref={anchor} />
      <div className="clock-figures">
        <Figure title="This machine's clock" {...offsetFigure(clock)}>
          <OffsetNote clock={clock} demo={demo} nowMs={nowMs} />
        </Figure>
        <Figure
          title="The program"
          value={`${formatMs(delay.p99)} late`}
          alarm={isTooFar(delay.p99) ? "late" : undefined}
        >
          p99 of 10 s; median {formatMs(delay.p50)}, most {formatMs(delay.max)}
        </Figure>
        <Figure
          title="99 of 100 stamps are off by"
          value={stampMs === undefined ? "not known" : `≤ ${formatMs(stampMs)}`}
          alarm={isTooFar(stampMs) ? "late" : undefined}
        >
          between nodes ≤ {formatMs(error.betweenNodesMs)}: one clock stamps all
        </Figure>
      </div>
      {clock !== null && <Servers servers={clock.servers} />}
      <ClockHistory span={span} hasServers={clock !== null} nowMs={nowMs} />
    </Panel>
  );
}

function offsetFigure(clock: ClockView | null): { value: string; alarm: "late" | undefined } {
  if (clock === null) return { value: "not compared", alarm: undefined };
  const { offset_ms, error_ms, reachable } = clock;
  if (offset_ms === null || error_ms === null) {
    return reachable === null ? { value: "being asked", alarm: undefined } : { value: "not known", alarm: "late" };
  }
  const isOff = Math.abs(offset_ms) > LIMIT_MS || error_ms > LIMIT_MS;
  return { value: offsetWords(offset_ms), alarm: isOff ? "late" : undefined };
}

function OffsetNote({ clock, demo, nowMs }: { clock: ClockView | null; demo: boolean; nowMs: number }): ReactNode {
  if (clock === null) {
    return demo
      ? "the recorded nodes live on this clock: there is nothing to compare it with"
      : "no time server is named: clock.ntp_servers";
  }
  const { error_ms, server, sampled_ms, reachable, asked_ms } = clock;
  const asked = asked_ms !== null && <Moment timeMs={asked_ms} nowMs={nowMs} />;
  if (sampled_ms === null || error_ms === null)
    return reachable === null ? "the time servers" : <>no time server answered {asked}</>;
  return (
    <span>
      ± {formatMs(error_ms)}, by {server}, <Moment timeMs={sampled_ms} nowMs={nowMs} />
      {reachable === false && <> · none answered {asked}</>}
    </span>
  );
}

function Servers({ servers }: { servers: readonly TimeServerView[] }) {
  return (
    <ScrollTable label="Time servers, as they last answered">
      <thead>
        <tr>
          <th scope="col">Time server</th>
          <th scope="col">Answer</th>
          {["Offset", "± error", "Round trip", "Stratum"].map((title) => (
            <th scope="col" className="right" key={title}>
              {title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {servers.map((told) => (
          <tr key={told.server}>
            <th scope="row" className="number">
              {told.server}
            </th>
            <td className={told.reason !== null || told.agrees === false ? "is-late" : undefined}>
              {serverWords(told)}
            </td>
            <Cell value={told.offset_ms} words={offsetWords} />
            <Cell value={told.error_ms} words={formatMs} />
            <Cell value={told.round_trip_ms} words={formatMs} />
            <Cell value={told.stratum} words={String} />
          </tr>
        ))}
      </tbody>
    </ScrollTable>
  );
}

function Cell({ value, words }: { value: number | null; words: (value: number) => string }) {
  return value === null ? <td className="right muted">–</td> : <td className="right number">{words(value)}</td>;
}
