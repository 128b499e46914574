import { formatAgo, formatDuration } from "../../lib/format.ts";
import { useNowMs } from "../../lib/monitor.tsx";
import { Icon } from "../icons.tsx";

const CHOICES_S = [0, 5, 15, 30, 60, 300, 900];

/** How often the panels ask again, and a stop for who wants to look in peace. */
export function RefreshControl(props: {
  refreshS: number;
  paused: boolean;
  /** The range ends now: there is something new to come. */
  follows: boolean;
  tickedMs: number;
  onChange(refreshS: number): void;
  onPause(paused: boolean): void;
  onNow(): void;
}) {
  const { refreshS, paused, follows, tickedMs, onChange, onPause, onNow } = props;
  const nowMs = useNowMs(1000);
  const choices = [...new Set([...CHOICES_S, refreshS])].sort((a, b) => a - b);
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for a form's fields
    <div className="refresh-control" role="group" aria-label="Refresh">
      <select
        aria-label="Refresh at least every"
        value={refreshS}
        disabled={!follows}
        onChange={(event) => onChange(Number(event.target.value))}
      >
        {choices.map((seconds) => (
          <option key={seconds} value={seconds}>
            {seconds === 0 ? "no refresh" : `every ${formatDuration(seconds * 1000).replace(".0 s", " s")}`}
          </option>
        ))}
      </select>
      <button
        type="button"
        className="quiet-button icon-button"
        aria-label={paused ? "Go on refreshing" : "Pause refreshing"}
        title={paused ? "Go on refreshing" : "Pause refreshing"}
        aria-pressed={paused}
        disabled={!follows || refreshS === 0}
        onClick={() => onPause(!paused)}
      >
        <Icon name={paused ? "play" : "pause"} />
      </button>
      <button type="button" className="quiet-button refreshed" title="Refresh now" onClick={onNow}>
        <span>
          <span className="visually-hidden">Refresh now; </span>
          {paused ? "paused, " : ""}as of {formatAgo(nowMs, tickedMs)}
        </span>
      </button>
    </div>
  );
}
