import { memo } from "react";
import type { EpochRecord } from "../../../src/events/derived.ts";
import { capitalized, formatCount, formatUtc, formatUtcTime } from "../lib/format.ts";
import { isFinalityDelayed } from "../lib/network-state.ts";
import { Panel } from "./panel.tsx";
import { ScrollTable } from "./scroll-table.tsx";
import { SlotGlyph } from "./slot-glyph.tsx";

const PARTS = ["proposed", "late", "missed", "orphaned", "unknown", "pending"] as const;

/** What became of the slots of each epoch, and how far finality was when it ran. */
export const EpochTable = memo(function EpochTable({
  epochs,
  count,
}: {
  epochs: ReadonlyMap<number, EpochRecord>;
  count: number;
}) {
  const newest = [...epochs.values()].sort((a, b) => b.epoch - a.epoch).slice(0, count);
  return (
    <Panel
      title="Finality"
      hint="Each epoch: what became of its slots, and the checkpoints that most nodes reported in it."
      className="epochs"
    >
      {newest.length === 0 && <p className="empty">No epoch is known yet.</p>}
      <ScrollTable label="Finality by epoch">
        <thead>
          <tr>
            <th scope="col">Epoch</th>
            <th scope="col">Began, UTC</th>
            <th scope="col">Slots</th>
            <th scope="col" className="right">
              Justified
            </th>
            <th scope="col" className="right">
              Finalized
            </th>
            <th scope="col">Lag</th>
          </tr>
        </thead>
        <tbody>
          {newest.map((record) => (
            <tr key={record.epoch}>
              <th scope="row" className="number">
                {record.epoch}
                <span className="sub">{capitalized(record.fork)}</span>
              </th>
              <td className="number" title={formatUtc(record.start_ms)}>
                {formatUtcTime(record.start_ms)}
              </td>
              <td>
                <SlotShares record={record} />
              </td>
              <td className="right number">{record.justified_epoch ?? <span className="muted">–</span>}</td>
              <td className="right number">{record.finalized_epoch ?? <span className="muted">–</span>}</td>
              <td>
                <Lag record={record} />
              </td>
            </tr>
          ))}
        </tbody>
      </ScrollTable>
    </Panel>
  );
});

/** An epoch's slots by what became of them; `late` ones are proposed as well, and told apart here. */
function SlotShares({ record }: { record: EpochRecord }) {
  const counts = PARTS.map((look) => ({
    look,
    count: look === "proposed" ? Math.max(0, record.proposed - record.late) : record[look],
  }));
  return (
    <span className="shares">
      {counts
        .filter(({ count }) => count > 0)
        .map(({ look, count }) => (
          <span key={look} className="count" title={`${formatCount(count, "slot")} ${look}`}>
            <SlotGlyph look={look} />
            <span className="number">{count}</span>
            <span className="visually-hidden"> {look}</span>
          </span>
        ))}
    </span>
  );
}

function Lag({ record }: { record: EpochRecord }) {
  const { epoch, finalized_epoch, finality_lag: lag } = record;
  if (lag === null || finalized_epoch === null) return <span className="muted">–</span>;
  return (
    <span className={isFinalityDelayed(epoch, finalized_epoch) ? "is-missed" : ""}>{formatCount(lag, "epoch")}</span>
  );
}
