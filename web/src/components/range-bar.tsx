import { type EpochRange, newerPath, olderPath, RANGE_EPOCHS } from "../lib/epoch-range.ts";
import { formatCount } from "../lib/format.ts";
import { navigate, useLocation, withQuery } from "../lib/router.ts";
import { Icon } from "./icons.tsx";

/** Which epochs the page is about: how many, the ones before and after, and back to the running one. */
export function RangeBar({ range, currentEpoch }: { range: EpochRange; currentEpoch: number }) {
  const location = useLocation();
  const older = olderPath(location, range);
  const newer = newerPath(location, range, currentEpoch);
  const { firstEpoch, lastEpoch, firstSlot, lastSlot, live, epochs } = range;
  return (
    <section className="range-bar" aria-label="Epochs to show">
      <select
        aria-label="How many epochs to show"
        value={epochs}
        onChange={(event) => navigate(withQuery(location, { epochs: event.target.value }), { replace: true })}
      >
        {RANGE_EPOCHS.map((choice) => (
          <option key={choice} value={choice}>
            {formatCount(choice, "epoch")}
          </option>
        ))}
      </select>
      <StepButton to={older} label="Older epochs" icon="left" />
      <StepButton to={newer} label="Newer epochs" icon="right" />
      <p className="range-words">
        <span className="number">
          {firstEpoch === lastEpoch ? `epoch ${firstEpoch}` : `epochs ${firstEpoch}–${lastEpoch}`}
        </span>
        <span className="muted number">
          {" "}
          slots {firstSlot}–{lastSlot}
        </span>
      </p>
      {live ? (
        <p className="range-live">
          <span className="dot" aria-hidden="true" /> follows the chain
        </p>
      ) : (
        <button
          type="button"
          className="quiet-button"
          onClick={() => navigate(withQuery(location, { before: undefined }))}
        >
          Back to now
        </button>
      )}
    </section>
  );
}

export function StepButton(props: { to: string | undefined; label: string; icon: "left" | "right" }) {
  const { to, label, icon } = props;
  return (
    <button
      type="button"
      className="quiet-button icon-button"
      aria-label={label}
      disabled={to === undefined}
      onClick={() => to !== undefined && navigate(to)}
    >
      <Icon name={icon} />
    </button>
  );
}
