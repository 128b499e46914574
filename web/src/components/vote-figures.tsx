import { memo } from "react";
import type { SlotVotesRecord } from "../../../src/events/vote-records.ts";
import { formatCount, formatShare } from "../lib/format.ts";
import { isTargetLow, sumVotes } from "../lib/vote-figures.ts";
import { Figure } from "./figure.tsx";

const share = (value: number | undefined) => (value === undefined ? "–" : formatShare({ had: value, of: 1 }));

/** The range's votes in six figures. */
export const VoteFigures = memo(function VoteFigures({ votes }: { votes: readonly SlotVotesRecord[] }) {
  const sums = sumVotes(votes);
  const counted = `of ${formatCount(sums.expected, "vote")}`;
  const part = (count: number) => (sums.expected === 0 ? "–" : formatShare({ had: count, of: sums.expected }));
  return (
    <section className="status-line" aria-label="Votes of the range">
      <Figure
        title="Right target"
        value={share(sums.liveTarget)}
        alarm={isTargetLow(sums.liveTarget) ? "missed" : undefined}
      >
        seen live; {share(sums.blocksTarget)} in blocks
      </Figure>
      <Figure title="Right head" value={share(sums.liveHead)}>
        seen live; {share(sums.blocksHead)} in blocks
      </Figure>
      <Figure title="Late" value={part(sums.late)}>
        {sums.late} {counted}
      </Figure>
      <Figure title="Missing" value={part(sums.missing)}>
        {sums.missing} {counted}
        {sums.doubleVotes > 0 && <b className="is-missed">{formatCount(sums.doubleVotes, "double vote")}</b>}
      </Figure>
      <Figure title="Inclusion delay" value={sums.inclusionSlots?.toFixed(2) ?? "–"}>
        {sums.inclusionSlots === undefined
          ? "no block carried a vote yet"
          : `slots; ${sums.inclusionBlocks?.toFixed(2)} in blocks`}
      </Figure>
      <Figure title="Sync committee" value={share(sums.sync)}>
        {sums.sync === undefined ? "no block told of it yet" : "of its bits set in blocks"}
      </Figure>
    </section>
  );
});
