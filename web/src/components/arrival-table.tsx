import { type SyntheticEvent, useState } from "react";
import type { NodeSlotRecord } from "../../../src/events/derived.ts";
import { countOf } from "../charts/lanes.ts";
import { formatDelay } from "../lib/format.ts";
import { ScrollTable } from "./scroll-table.tsx";

const time = (ms: number | null) => (ms === null ? "–" : formatDelay(ms));

/** The arrival strip's data as a table; built when it is opened. */
export function ArrivalTable({ nodeSlots }: { nodeSlots: ReadonlyMap<number, ReadonlyMap<string, NodeSlotRecord>> }) {
  const [open, setOpen] = useState(false);
  const rows = open
    ? [...nodeSlots.values()]
        .flatMap((byNode) => [...byNode.values()])
        .sort((a, b) => b.slot - a.slot || (a.node < b.node ? -1 : 1))
    : [];
  return (
    <details
      className="data-table"
      onToggle={(event: SyntheticEvent<HTMLDetailsElement>) => setOpen(event.currentTarget.open)}
    >
      <summary>The same as a table</summary>
      {open && (
        <ScrollTable label="Arrivals">
          <thead>
            <tr>
              <th scope="col">Slot</th>
              <th scope="col">Node</th>
              {["Gossip", "Import", "Head", "Votes", "Aggregates"].map((title) => (
                <th scope="col" className="right" key={title}>
                  {title}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((record) => (
              <tr key={`${record.slot} ${record.node}`}>
                <th scope="row" className="number">
                  {record.slot}
                </th>
                <td className="number">{record.node}</td>
                <td className="right number">{time(record.gossip_ms)}</td>
                <td className="right number">{time(record.import_ms)}</td>
                <td className="right number">{time(record.head_ms)}</td>
                <td className="right number">{countOf(record.single_attestations)}</td>
                <td className="right number">{countOf(record.aggregates)}</td>
              </tr>
            ))}
          </tbody>
        </ScrollTable>
      )}
    </details>
  );
}
