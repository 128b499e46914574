import type { NetworkView } from "../../../src/serve/views.ts";
import { capitalized } from "../lib/format.ts";
import { useNowMs } from "../lib/monitor.tsx";
import { forkAt, momentAt, namedDeadlines } from "../lib/slot-clock.ts";

/** The time in slots: `slot 9876543 · 7.2 s`, with the slot's progress and its deadlines. */
export function SlotClock({ network }: { network: NetworkView }) {
  const { slot, epoch, elapsedMs } = momentAt(network, useNowMs(100));
  const { slot_duration_ms } = network;
  if (slot < 0) return <span className="slot-clock muted">before genesis</span>;
  return (
    <div className="slot-clock">
      <span className="slot-clock-text number">
        <span className="muted">slot </span>
        <strong>{slot}</strong>
        <span className="muted"> · </span>
        <span className="slot-clock-seconds">{(elapsedMs / 1000).toFixed(1)} s</span>
      </span>
      <span className="progress" aria-hidden="true">
        <span className="progress-fill" style={{ transform: `scaleX(${elapsedMs / slot_duration_ms})` }} />
        {namedDeadlines(network, epoch).map(({ label, ms }) => (
          <span key={label} className="progress-mark" style={{ left: `${(100 * ms) / slot_duration_ms}%` }} />
        ))}
      </span>
      <span className="slot-clock-epoch number">
        <span className="muted">epoch </span>
        {epoch}
        <span className="muted"> · </span>
        {capitalized(forkAt(network, epoch).fork)}
      </span>
    </div>
  );
}
