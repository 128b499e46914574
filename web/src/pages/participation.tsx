import { useMemo } from "react";
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
import { type RangeVotes, useVotes } from "../lib/use-votes.ts";

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
            {stored.sentence} The page tries again every few seconds; what is below and the{" "}
            <Link to="/">live screen</Link> still follow the stream.
          </p>
        </Notice>
      )}
      {stored.kind === "ready" && (
        <RangeOfVotes answer={stored.answer} range={range} currentSlot={currentSlot} state={state} />
      )}
      <CommitteePanel network={network} range={range} currentSlot={currentSlot} />
      {stored.kind === "ready" && (
        <div className="votes-pair">
          <DoubtTable votes={stored.answer.votes} />
          <VotesByPart votes={stored.answer.votes} />
        </div>
      )}
    </div>
  );
}

function RangeOfVotes(props: { answer: RangeVotes; range: EpochRange; currentSlot: number; state: LiveState }) {
  const { answer, range, currentSlot, state } = props;
  const { votes, epochs } = answer;
  const over = useMemo(() => votes.filter(({ slot }) => slot < currentSlot), [votes, currentSlot]);
  const weighted = votes.some(({ weighted_by }) => weighted_by === "balance");
  return (
    <>
      {votes.length === 0 && (
        <Notice title="No votes of these epochs are stored">
          <p>
            Votes are counted once a node has told its committees and its event stream is up. Epochs from before the
            monitor began have none; newer ones appear here as they are counted.
          </p>
        </Notice>
      )}
      <VoteFigures votes={votes} over={over} />
      <div className="votes-pair">
        <VotesNow votes={state.votes} currentSlot={currentSlot} />
        <VotesByNode votes={over} nodes={state.nodes} />
      </div>
      <VoteCharts answer={answer} range={range} currentSlot={currentSlot} weighted={weighted}>
        <SlotVoteTable votes={votes} />
        <EpochVoteTable epochs={epochs} />
      </VoteCharts>
    </>
  );
}
