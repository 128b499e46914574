import { type FormEvent, useId, useState } from "react";
import type { TimeRange } from "../../../../src/panels/panel.ts";
import { useMonitor } from "../../lib/monitor.tsx";
import {
  endsNow,
  fieldOfMs,
  momentOfField,
  QUICK_RANGES,
  rangeWords,
  resolved,
  shifted,
  zoomed,
} from "../../lib/time-words.ts";
import { Icon, type IconName } from "../icons.tsx";
import { PopoverButton } from "../popover-button.tsx";

/** The range of time: one that ends now, or any in UTC; steps to the one before and after, and a wider one. */
export function TimePicker({ time, onChange }: { time: TimeRange; onChange(time: TimeRange): void }) {
  const { clock } = useMonitor();
  const change = (next: (at: { fromMs: number; toMs: number }) => TimeRange) => {
    const now = resolved(time, clock.nowMs());
    if ("time" in now) onChange(next(now.time));
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for a form's fields
    <div className="time-picker" role="group" aria-label="Time range">
      <Step label="Earlier" icon="left" onClick={() => change((at) => shifted(at, -1))} />
      <PopoverButton words={<span className="time-words">{rangeWords(time)}</span>} side="left">
        {(close) => (
          <RangeChoice
            time={time}
            onChoose={(range) => {
              close();
              onChange(range);
            }}
          />
        )}
      </PopoverButton>
      <Step
        label="Later"
        icon="right"
        disabled={endsNow(time)}
        onClick={() => change((at) => (shiftedEnd(at) >= clock.nowMs() ? lastOf(at) : shifted(at, 1)))}
      />
      <Step label="Wider" icon="wider" onClick={() => change((at) => zoomed(at, 2))} />
    </div>
  );
}

function shiftedEnd({ fromMs, toMs }: { fromMs: number; toMs: number }): number {
  return toMs + (toMs - fromMs);
}

/** As long as the range is, up to now. */
function lastOf({ fromMs, toMs }: { fromMs: number; toMs: number }): TimeRange {
  return { from: `now-${Math.max(1, Math.round((toMs - fromMs) / 1000))}s`, to: "now" };
}

function Step(props: { label: string; icon: IconName; disabled?: boolean; onClick(): void }) {
  const { label, icon, disabled = false, onClick } = props;
  return (
    <button
      type="button"
      className="quiet-button icon-button"
      aria-label={label}
      title={label}
      disabled={disabled}
      onClick={onClick}
    >
      <Icon name={icon} />
    </button>
  );
}

function RangeChoice({ time, onChoose }: { time: TimeRange; onChoose(range: TimeRange): void }) {
  const { clock } = useMonitor();
  const id = useId();
  const now = resolved(time, clock.nowMs());
  const at = "time" in now ? now.time : { fromMs: clock.nowMs() - 3_600_000, toMs: clock.nowMs() };
  const [from, setFrom] = useState(() => fieldOfMs(at.fromMs));
  const [to, setTo] = useState(() => fieldOfMs(at.toMs));
  const [problem, setProblem] = useState<string>();
  const apply = (event: FormEvent) => {
    event.preventDefault();
    const [first, last] = [momentOfField(from), momentOfField(to)];
    if (first === undefined || last === undefined) setProblem("Both moments are needed.");
    else if (first >= last) setProblem("The range ends before it begins.");
    else onChoose({ from: first, to: last });
  };
  return (
    <div className="range-choice">
      <ul className="menu">
        {QUICK_RANGES.map((range) => (
          <li key={range.words}>
            <button
              type="button"
              aria-current={range.from === time.from && range.to === time.to}
              onClick={() => onChoose({ from: range.from, to: range.to })}
            >
              {range.words}
            </button>
          </li>
        ))}
      </ul>
      <form onSubmit={apply} className="range-form">
        <div className="field">
          <label htmlFor={`${id}-from`}>From (UTC)</label>
          <input
            id={`${id}-from`}
            type="datetime-local"
            step="1"
            value={from}
            onChange={(event) => setFrom(event.target.value)}
          />
        </div>
        <div className="field">
          <label htmlFor={`${id}-to`}>To (UTC)</label>
          <input
            id={`${id}-to`}
            type="datetime-local"
            step="1"
            value={to}
            onChange={(event) => setTo(event.target.value)}
          />
        </div>
        {problem !== undefined && (
          <p className="problems" role="alert">
            {problem}
          </p>
        )}
        <button type="submit" className="button primary">
          Show this range
        </button>
      </form>
    </div>
  );
}
