import type { SlotVotesRecord } from "../../../src/events/vote-records.ts";
import { formatCount, formatShare, shortRoot } from "../lib/format.ts";
import { slotPath } from "../lib/router.ts";
import { isHeard, isUnusual } from "../lib/vote-figures.ts";
import { Link } from "./link.tsx";
import { Panel } from "./panel.tsx";
import { VoteBar, VoteKey } from "./vote-bar.tsx";

const SLOTS = 4;

/** The running slot and those before it as their votes arrive. */
export function VotesNow({ votes, currentSlot }: { votes: ReadonlyMap<number, SlotVotesRecord>; currentSlot: number }) {
  const slots = Array.from({ length: SLOTS }, (_, index) => currentSlot - index).filter((slot) => slot >= 0);
  return (
    <Panel
      title="Now"
      hint={`The running slot and the ${SLOTS - 1} before it: the whole bar is all votes expected of the slot's committees.`}
      className="votes-now"
    >
      <ol className="votes-now-slots">
        {slots.map((slot) => (
          <li key={slot}>
            <SlotLine slot={slot} record={votes.get(slot)} running={slot === currentSlot} />
          </li>
        ))}
      </ol>
      <VoteKey />
    </Panel>
  );
}

function SlotLine(props: { slot: number; record: SlotVotesRecord | undefined; running: boolean }) {
  const { slot, record, running } = props;
  const name = (
    <Link to={slotPath(slot)} className="number">
      {slot}
    </Link>
  );
  if (record === undefined || record.expected === 0 || !isHeard(record)) {
    return (
      <>
        {name}
        <span className="vote-bar unknown" aria-hidden="true" />
        <span className="muted votes-now-words">{absence(record, running)}</span>
      </>
    );
  }
  const { expected, seen, late, missing, heads, double_votes } = record;
  const unusual = isUnusual(record);
  const lateWords =
    late > 0 ? [<Told key="late" words={`${late} late`} tone={unusual.late ? "is-late" : "muted"} />] : [];
  const missingWords =
    missing > 0 && !running
      ? [<Told key="missing" words={`${missing} missing`} tone={unusual.missing ? "is-missed" : "muted"} />]
      : [];
  const headWords = heads.length > 1 ? [<Told key="heads" words={`${heads.length} heads`} tone="muted" />] : [];
  const doubleWords =
    double_votes > 0
      ? [
          <b className="is-missed" key="double">
            {formatCount(double_votes, "double vote")}
          </b>,
        ]
      : [];
  const [head] = heads;
  const told = [...lateWords, ...missingWords, ...headWords, ...doubleWords];
  return (
    <>
      {name}
      <VoteBar record={record} running={running} />
      <span className="votes-now-words">
        <span className="number">
          {seen} of {expected}
        </span>
        <span className="number votes-now-share">{formatShare({ had: seen, of: expected })}</span>
        {told.length > 0 ? told : head !== undefined && <span className="muted number">on {shortRoot(head.root)}</span>}
      </span>
    </>
  );
}

function absence(record: SlotVotesRecord | undefined, running: boolean): string {
  if (running) return "no vote yet";
  return record === undefined ? "the slot's committees were not known" : "no stream was up while its votes were due";
}

function Told({ words, tone }: { words: string; tone: "is-late" | "is-missed" | "muted" }) {
  return <span className={tone}>{words}</span>;
}
