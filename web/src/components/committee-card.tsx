import type { CommitteeSlotRecord } from "../../../src/events/vote-records.ts";
import { formatShare } from "../lib/format.ts";

const CARD_WIDTH = 232;
const ROWS = [
  ["on time", "on_time"],
  ["late", "late"],
  ["untimed", "untimed"],
  ["missed", "missed"],
  ["wrong head", "wrong_head"],
  ["wrong target", "wrong_target"],
  ["in a block", "included"],
] as const;

/** All of one committee, beside its cell. What it says stands in the table below the grid as well. */
export function CommitteeCard(props: {
  slot: number;
  index: number;
  record: CommitteeSlotRecord | undefined;
  anchor: { x: number; y: number; width: number; height: number };
  boxWidth: number;
}) {
  const { slot, index, record, anchor, boxWidth } = props;
  const left = Math.max(0, Math.min(boxWidth - CARD_WIDTH, anchor.x + anchor.width / 2 - CARD_WIDTH / 2));
  return (
    <div
      className="slot-card"
      style={{ left, top: anchor.y + anchor.height + 8, width: CARD_WIDTH }}
      aria-hidden="true"
    >
      <p className="slot-card-title">
        <strong className="number">slot {slot}</strong>
        <span className="muted">committee {index}</span>
      </p>
      {record === undefined ? (
        <p className="muted">Not told: too early, or the committee was not known.</p>
      ) : (
        <dl className="facts">
          {ROWS.filter(([, key]) => record[key] > 0).map(([words, key]) => (
            <Row key={key} words={words} count={record[key]} of={record.validators} />
          ))}
        </dl>
      )}
    </div>
  );
}

function Row({ words, count, of }: { words: string; count: number; of: number }) {
  return (
    <>
      <dt>{words}</dt>
      <dd className="number">
        {count}{" "}
        <span className="muted">
          of {of}, {formatShare({ had: count, of })}
        </span>
      </dd>
    </>
  );
}
