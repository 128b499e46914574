import type { SlotRecord } from "../../../src/events/derived.ts";
import type { SlotVotesRecord } from "../../../src/events/vote-records.ts";
import type { NetworkView, NodeView } from "../../../src/serve/views.ts";
import { formatCount, formatDelay, formatList, formatShare } from "../lib/format.ts";
import { useSettled } from "../lib/monitor.tsx";
import {
  FIRST_FINALITY_EPOCH,
  finalizedEpoch,
  HEADS_SETTLE_MS,
  headAgreement,
  isFinalityDelayed,
} from "../lib/network-state.ts";
import { epochOf } from "../lib/slot-clock.ts";
import { lookOf, type SlotLook } from "../lib/slot-look.ts";
import type { Baseline } from "../lib/statistics.ts";
import { isTargetLow, sumVotes, votesOver } from "../lib/vote-figures.ts";
import { Figure } from "./figure.tsx";
import { Root } from "./root.tsx";
import { SlotGlyph } from "./slot-glyph.tsx";

/** Is the network well, and which node differs: the figures to see first. */
export function StatusLine(props: {
  network: NetworkView;
  nodes: ReadonlyMap<string, NodeView>;
  slots: ReadonlyMap<number, SlotRecord>;
  votes: ReadonlyMap<number, SlotVotesRecord>;
  currentSlot: number;
  usual: Baseline | undefined;
}) {
  const { network, nodes, slots, votes, currentSlot, usual } = props;
  return (
    <section className="status-line" aria-label="State of the network">
      <Heads nodes={nodes} />
      <Finality epoch={epochOf(network, currentSlot)} finalized={finalizedEpoch(nodes.values())} />
      <Participation votes={votes} currentSlot={currentSlot} count={network.slots_per_epoch} />
      <Streams nodes={nodes} />
      <Blocks slots={slots} />
      <Figure title="Block delay" value={usual === undefined ? "–" : formatDelay(usual.medianMs)}>
        {usual === undefined
          ? "no block seen yet"
          : `median of ${formatCount(usual.slots, "slot")}, p95 ${formatDelay(usual.p95Ms)}`}
      </Figure>
    </section>
  );
}

function Finality({ epoch, finalized }: { epoch: number; finalized: number | undefined }) {
  if (finalized === undefined) {
    return (
      <Figure title="Finalized" value="–">
        no node has said yet
      </Figure>
    );
  }
  const lag = epoch - finalized;
  const delayed = isFinalityDelayed(epoch, finalized);
  const behind = `${formatCount(lag, "epoch")} behind`;
  return (
    <Figure title="Finalized" value={finalized} alarm={delayed ? "missed" : undefined}>
      {delayed
        ? `${behind}; usual 2 to 3`
        : epoch <= FIRST_FINALITY_EPOCH
          ? `the first one comes in epoch ${FIRST_FINALITY_EPOCH}`
          : `${behind}, as usual`}
    </Figure>
  );
}

function Heads({ nodes }: { nodes: ReadonlyMap<string, NodeView> }) {
  const agreement = headAgreement(nodes.values());
  const text = agreement === undefined ? "–" : `${agreement.agreeing}/${agreement.of}`;
  const others = useSettled(agreement?.others.map(({ name }) => name).join(" ") ?? "", HEADS_SETTLE_MS);
  const settled = useSettled(text, HEADS_SETTLE_MS);
  return (
    <Figure title="Heads agree" value={settled} alarm={others === "" ? undefined : "orphaned"}>
      {others !== "" ? (
        `${formatList(others.split(" "))} on another head`
      ) : agreement === undefined ? (
        "no head seen yet"
      ) : (
        <span>
          on <Root root={agreement.root} what="head root" />
        </span>
      )}
    </Figure>
  );
}

/** Votes with the right target, and those that came late or not at all, over as many slots as an epoch has. */
function Participation(props: { votes: ReadonlyMap<number, SlotVotesRecord>; currentSlot: number; count: number }) {
  const sums = sumVotes(votesOver(props.votes.values(), props.currentSlot, props.count));
  const { liveTarget, slots, late, missing } = sums;
  if (liveTarget === undefined) {
    return (
      <Figure title="Participation" value="–">
        the committees are not known yet
      </Figure>
    );
  }
  return (
    <Figure
      title="Participation"
      value={formatShare({ had: liveTarget, of: 1 })}
      alarm={isTargetLow(liveTarget) ? "missed" : undefined}
    >
      {late + missing === 0 ? (
        `no vote late in ${formatCount(slots, "slot")}`
      ) : (
        <>
          {late > 0 && <span className="count">{late} late</span>}
          {missing > 0 && <span className="count">{missing} missing</span>}
          <span>{formatCount(slots, "slot")}</span>
        </>
      )}
    </Figure>
  );
}

function Streams({ nodes }: { nodes: ReadonlyMap<string, NodeView> }) {
  const all = [...nodes.values()];
  const off = all.filter(({ state }) => state !== "streaming").map(({ name }) => name);
  const syncing = all.filter(({ state, syncing }) => state === "streaming" && syncing).map(({ name }) => name);
  return (
    <Figure
      title="Event streams"
      value={all.length === 0 ? "–" : `${all.length - off.length}/${all.length}`}
      alarm={off.length > 0 ? "missed" : undefined}
    >
      {off.length > 0
        ? off.length === all.length
          ? "no node streams"
          : `${formatList(off)} not streaming`
        : syncing.length > 0
          ? `${formatList(syncing)} syncing`
          : all.length === 0
            ? "no node is configured"
            : "every node streams"}
    </Figure>
  );
}

const TOLD: readonly SlotLook[] = ["late", "missed", "orphaned"];

function Blocks({ slots }: { slots: ReadonlyMap<number, SlotRecord> }) {
  const counts = new Map<SlotLook, number>();
  let judged = 0;
  for (const record of slots.values()) {
    const look = lookOf(record);
    if (look === "pending" || look === "unknown") continue;
    judged += 1;
    counts.set(look, (counts.get(look) ?? 0) + 1);
  }
  const proposed = (counts.get("proposed") ?? 0) + (counts.get("late") ?? 0);
  const told = TOLD.filter((look) => (counts.get(look) ?? 0) > 0);
  return (
    <Figure title="Slots with a block" value={judged === 0 ? "–" : `${proposed}/${judged}`}>
      {told.length === 0
        ? judged === 0
          ? "no slot is over yet"
          : "none late, missed or orphaned"
        : told.map((look) => (
            <span className="count" key={look}>
              <SlotGlyph look={look} /> {counts.get(look)} {look}
            </span>
          ))}
    </Figure>
  );
}
