import { memo, useMemo } from "react";
import type { NetworkView } from "../../../src/serve/views.ts";
import { CommitteePanel } from "../components/committee-panel.tsx";
import { DoubtTable } from "../components/doubt-table.tsx";
import { Link } from "../components/link.tsx";
import { Notice } from "../components/notice.tsx";
import { RangeBar } from "../components/range-bar.tsx";
import { RangeSkeleton } from "../components/skeleton.tsx";
import { VoteCharts } from "../components/vote-charts.tsx";
import { VoteFigures } from "../components/vote-figures.tsx";
import { VotesByNode, VotesByPart } from "../components/vote-parts.tsx";
import { EpochVoteTable, SlotVoteTable } from "../components/vote-table.tsx";
import { VotesNow } from "../components/votes-now.tsx";
import { type EpochRange, epochRange } from "../lib/epoch-range.ts";
import type { LiveState } from "../lib/live-state.ts";
import { useCurrentSlot } from "../lib/monitor.tsx";
import { useLocation } from "../lib/router.ts";
import { epochOf } from "../lib/slot-clock.ts";
import { useAtMostEvery } from "../lib/use-at-most-every.ts";
import { type RangeVotes, useVotes } from "../lib/use-votes.ts";

/** Votes arrive four times a second; the figures and charts over all epochs of the range follow once a second. */
const REDRAW_MS = 1000;

/** Who voted, for what and when: now, and over a range of epochs. */
export function ParticipationPage({ state, network }: { state: LiveState; network: NetworkView }) {
  const currentSlot = useCurrentSlot(network);
  const { query } = useLocation();
  const currentEpoch = Math.max(0, epochOf(network, currentSlot));
  const range = epochRange({ query, currentEpoch, slotsPerEpoch: network.slots_per_epoch });
  const stored = useVotes(state, range);
  return (
    <div className="votes-page">
      <h1 className="visually-hidden">Participation</h1>
      <RangeBar range={range} currentEpoch={currentEpoch} />
      {stored.kind === "loading" && <RangeSkeleton what="votes" />}
      {stored.kind === "failed" && (
        <Notice title="The votes could not be read" tone="problem">
          <p>
            {stored.sentence} The page tries again every few seconds; the <Link to="/">live screen</Link> still follows
            the stream.
          </p>
        </Notice>
      )}
      {stored.kind === "ready" && (
        <RangeOfVotes answer={stored.answer} network={network} currentSlot={currentSlot} state={state} range={range} />
      )}
    </div>
  );
}

function RangeOfVotes(props: {
  answer: RangeVotes;
  network: NetworkView;
  currentSlot: number;
  state: LiveState;
  range: EpochRange;
}) {
  const { network, currentSlot, state, range } = props;
  const answer = useAtMostEvery(props.answer, REDRAW_MS);
  const over = useMemo(() => answer.votes.filter(({ slot }) => slot < currentSlot), [answer, currentSlot]);
  return (
    <>
      {answer.votes.length === 0 && (
        <Notice title="No votes of these epochs are stored">
          <p>
            Votes are counted once a node has told its committees and its event stream is up. Epochs from before the
            monitor began have none; newer ones appear here as they are counted.
          </p>
        </Notice>
      )}
      <VoteFigures votes={over} />
      <div className="votes-pair">
        <VotesNow votes={state.votes} currentSlot={currentSlot} />
        <VotesByNode votes={over} nodes={state.nodes} />
      </div>
      <Charts answer={answer} currentSlot={currentSlot} />
      <CommitteePanel network={network} range={range} currentSlot={currentSlot} />
      <div className="votes-pair">
        <DoubtTable votes={over} />
        <VotesByPart votes={over} />
      </div>
    </>
  );
}

const Charts = memo(function Charts({ answer, currentSlot }: { answer: RangeVotes; currentSlot: number }) {
  return (
    <VoteCharts answer={answer} currentSlot={currentSlot}>
      <SlotVoteTable votes={answer.votes} />
      <EpochVoteTable epochs={answer.epochs} />
    </VoteCharts>
  );
});
