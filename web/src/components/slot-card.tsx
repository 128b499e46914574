import type { SlotRecord } from "../../../src/events/derived.ts";
import { formatDelay, formatUtc, shortRoot } from "../lib/format.ts";
import { LOOK_WORDS, lookOf } from "../lib/slot-look.ts";
import { SlotGlyph } from "./slot-glyph.tsx";

const CARD_WIDTH = 264;

/** All of one slot, beside the grid's cell. What it says stands in the table below the grid as well. */
export function SlotCard(props: {
  slot: number;
  record: SlotRecord | undefined;
  usualDelayMs: number | undefined;
  anchor: { x: number; y: number; width: number; height: number };
  boxWidth: number;
}) {
  const { slot, record, usualDelayMs, anchor, boxWidth } = props;
  const look = lookOf(record);
  const left = Math.max(0, Math.min(boxWidth - CARD_WIDTH, anchor.x + anchor.width / 2 - CARD_WIDTH / 2));
  const seen = Object.entries(record?.seen_ms ?? {}).sort(([, a], [, b]) => a - b);
  return (
    <div
      className="slot-card"
      style={{ left, top: anchor.y + anchor.height + 8, width: CARD_WIDTH }}
      aria-hidden="true"
    >
      <p className="slot-card-title">
        <SlotGlyph look={look} />
        <strong className="number">slot {slot}</strong>
        <span className="muted">{LOOK_WORDS[look]}</span>
      </p>
      {record === undefined ? (
        <p className="muted">The monitor has no record of this slot.</p>
      ) : (
        <dl className="facts">
          <dt>begins</dt>
          <dd className="number">{formatUtc(record.start_ms)}</dd>
          <dt>proposer</dt>
          <dd className="number">{record.proposer_index ?? "not known"}</dd>
          {record.delay_ms !== null && (
            <>
              <dt>first seen</dt>
              <dd>
                <span className="number">{formatDelay(record.delay_ms)}</span>
                {usualDelayMs !== undefined && <span className="muted number"> usual {formatDelay(usualDelayMs)}</span>}
              </dd>
            </>
          )}
          {seen.map(([node, delayMs]) => (
            <SeenRow key={node} node={node} delayMs={delayMs} late={delayMs > record.attestation_due_ms} />
          ))}
          {record.block_root !== null && (
            <>
              <dt>block</dt>
              <dd className="number">{shortRoot(record.block_root)}</dd>
            </>
          )}
          {record.blocks.length > 1 && (
            <>
              <dt>branches</dt>
              <dd>{record.blocks.length} blocks in this slot</dd>
            </>
          )}
        </dl>
      )}
    </div>
  );
}

function SeenRow({ node, delayMs, late }: { node: string; delayMs: number; late: boolean }) {
  return (
    <>
      <dt className="number">{node}</dt>
      <dd className={late ? "number is-late" : "number"}>
        {formatDelay(delayMs)}
        {late && " late"}
      </dd>
    </>
  );
}
