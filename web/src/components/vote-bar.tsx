import type { HeardVotes } from "../lib/vote-figures.ts";

/** Parts of the votes expected in a slot: on time, late, without a time, and those that are missing or still to come. */
export function VoteBar({ record, running }: { record: HeardVotes; running: boolean }) {
  const { expected, on_time, late, untimed, missing } = record;
  const parts = [
    ["on-time", on_time],
    ["late", late],
    ["untimed", untimed],
    [running ? "to-come" : "missing", missing],
  ] as const;
  return (
    <span className="vote-bar" aria-hidden="true">
      {parts
        .filter(([, count]) => count > 0)
        .map(([part, count]) => (
          <span key={part} className={part} style={{ flexGrow: count / Math.max(1, expected) }} />
        ))}
    </span>
  );
}

const KEY = [
  ["on-time", "on time"],
  ["late", "late"],
  ["untimed", "seen in aggregates alone"],
  ["missing", "missing"],
  ["to-come", "still to come"],
] as const;

/** What the parts mean; `over` without those of a running slot. */
export function VoteKey({ over = false }: { over?: boolean }) {
  return (
    <ul className="key" aria-label="Key to the votes">
      {KEY.filter(([part]) => !over || part !== "to-come").map(([part, words]) => (
        <li key={part}>
          <span className="vote-bar swatch" aria-hidden="true">
            <span className={part} />
          </span>
          {words}
        </li>
      ))}
    </ul>
  );
}
