import { type SyntheticEvent, useState } from "react";
import type { SlotRecord } from "../../../src/events/derived.ts";
import { formatDelay, formatUtcTime } from "../lib/format.ts";
import { slotPath } from "../lib/router.ts";
import { LOOK_WORDS, lookOf } from "../lib/slot-look.ts";
import { Link } from "./link.tsx";
import { Root } from "./root.tsx";
import { ScrollTable } from "./scroll-table.tsx";

/** The grid's data as a table, for screen readers and for copying; built when it is opened. */
export function SlotTable({ slots }: { slots: ReadonlyMap<number, SlotRecord> }) {
  const [open, setOpen] = useState(false);
  return (
    <details
      className="data-table"
      onToggle={(event: SyntheticEvent<HTMLDetailsElement>) => setOpen(event.currentTarget.open)}
    >
      <summary>The same as a table</summary>
      {open && (
        <ScrollTable label="Slots">
          <thead>
            <tr>
              <th scope="col">Slot</th>
              <th scope="col">Began, UTC</th>
              <th scope="col">Status</th>
              <th scope="col" className="right">
                First seen
              </th>
              <th scope="col" className="right">
                Proposer
              </th>
              <th scope="col">Block</th>
            </tr>
          </thead>
          <tbody>
            {[...slots.values()]
              .sort((a, b) => b.slot - a.slot)
              .map((record) => (
                <tr key={record.slot}>
                  <th scope="row">
                    <Link to={slotPath(record.slot)} className="number">
                      {record.slot}
                    </Link>
                  </th>
                  <td className="number">{formatUtcTime(record.start_ms)}</td>
                  <td>{LOOK_WORDS[lookOf(record)]}</td>
                  <td className="right number">{record.delay_ms === null ? "–" : formatDelay(record.delay_ms)}</td>
                  <td className="right number">{record.proposer_index ?? "–"}</td>
                  <td>
                    <Root root={record.block_root} what="block root" />
                  </td>
                </tr>
              ))}
          </tbody>
        </ScrollTable>
      )}
    </details>
  );
}
