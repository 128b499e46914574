import type { BlockRow } from "../lib/block-rows.ts";
import { LOOK_WORDS } from "../lib/slot-look.ts";
import { BlockFactList } from "./block-facts.tsx";
import { SlotGlyph } from "./slot-glyph.tsx";

const CARD_WIDTH = 300;

/** All of one block, beside its bar. What it says stands in the table below the strip as well. */
export function BlockCard(props: {
  slot: number;
  row: BlockRow | undefined;
  anchor: { x: number; y: number; width: number; height: number };
  boxWidth: number;
}) {
  const { slot, row, anchor, boxWidth } = props;
  const left = Math.max(0, Math.min(boxWidth - CARD_WIDTH, anchor.x + anchor.width / 2 - CARD_WIDTH / 2));
  const look = row?.look ?? "pending";
  return (
    <div className="slot-card" style={{ left, top: anchor.y + anchor.height, width: CARD_WIDTH }} aria-hidden="true">
      <p className="slot-card-title">
        <SlotGlyph look={look} />
        <strong className="number">slot {slot}</strong>
        <span className="muted">{LOOK_WORDS[look]}</span>
      </p>
      {row?.block === undefined ? (
        <p className="muted">
          {look === "missed" ? "No node saw a block." : "No node has answered a block of this slot whole."}
        </p>
      ) : (
        <BlockFactList block={row.block} />
      )}
    </div>
  );
}
