import type { NodeSlotRecord, SlotRecord } from "../../../src/events/derived.ts";
import { countOf } from "../charts/lanes.ts";
import { formatDelay } from "../lib/format.ts";
import { ClientChip } from "./client-chip.tsx";
import { Panel } from "./panel.tsx";
import { Root } from "./root.tsx";
import { ScrollTable } from "./scroll-table.tsx";

const COUNTS: readonly { title: string; of: (record: NodeSlotRecord) => number | string }[] = [
  { title: "Votes", of: (record) => countOf(record.single_attestations) },
  { title: "Aggregates", of: (record) => countOf(record.aggregates) },
  { title: "Sync", of: (record) => countOf(record.contributions) },
  { title: "Columns", of: columnsOf },
  { title: "Echoes", of: (record) => record.echoes },
];

/** Different columns of the block that the node told of, of those that it samples. */
function columnsOf({ columns_seen, columns_sampled }: NodeSlotRecord): number | string {
  return columns_sampled === null ? columns_seen : `${columns_seen} / ${columns_sampled}`;
}

/** Each node's slot in figures: stages of the block, its head at each deadline, what arrived. */
export function NodeSlotTable({ records, slot }: { records: readonly NodeSlotRecord[]; slot: SlotRecord }) {
  const dueMs = slot.attestation_due_ms;
  return (
    <Panel
      title="What each node had"
      hint="Times from the slot's start. The last columns say which block the node called head when attestations and aggregates were due and when the slot ended."
      className="node-slots"
    >
      <ScrollTable label="What each node had">
        <thead>
          <tr>
            <th scope="col">Node</th>
            {["Gossip", "Import", "Head", ...COUNTS.map(({ title }) => title)].map((title) => (
              <th scope="col" className="right" key={title}>
                {title}
              </th>
            ))}
            <th scope="col" className="apart">
              At attestations
            </th>
            <th scope="col">At aggregates</th>
            <th scope="col">At the end</th>
          </tr>
        </thead>
        <tbody>
          {records.map((record) => (
            <tr key={record.node}>
              <th scope="row">
                <span className="node-name">
                  <ClientChip client={record.client} />
                  <span className="number">
                    {record.node}
                    {record.syncing && <span className="sub">syncing</span>}
                  </span>
                </span>
              </th>
              <Stage ms={record.gossip_ms} dueMs={dueMs} />
              <Stage ms={record.import_ms} dueMs={dueMs} />
              <Stage ms={record.head_ms} dueMs={dueMs} />
              {COUNTS.map(({ title, of }) => (
                <td className="right number" key={title}>
                  {of(record)}
                </td>
              ))}
              <HeadAt root={record.head_at_attestation_due} slot={slot} apart />
              <HeadAt root={record.head_at_aggregate_due} slot={slot} />
              <HeadAt root={record.head_at_slot_end} slot={slot} />
            </tr>
          ))}
        </tbody>
      </ScrollTable>
    </Panel>
  );
}

function Stage({ ms, dueMs }: { ms: number | null; dueMs: number }) {
  if (ms === null) return <td className="right muted">–</td>;
  return <td className={ms > dueMs ? "right number is-late" : "right number"}>{formatDelay(ms)}</td>;
}

/** A head by its relation to the slot's block, where it has one. */
function HeadAt(props: { root: string | null; slot: SlotRecord; apart?: boolean }) {
  const { root, slot, apart = false } = props;
  const words = root === null ? "not known" : relation(root, slot);
  return (
    <td className={apart ? "apart" : ""}>
      {root === null ? (
        <span className="muted">{words}</span>
      ) : (
        <>
          {words !== undefined && <span className={words === "this block" ? "" : "muted"}>{words}</span>}
          <span className={words === undefined ? "" : "sub"}>
            <Root root={root} what="head root" />
          </span>
        </>
      )}
    </td>
  );
}

function relation(root: string, slot: SlotRecord): string | undefined {
  if (root === slot.block_root) return "this block";
  if (slot.blocks.some((block) => block.root === root)) return "other branch";
  if (slot.parent_root !== null && root === slot.parent_root) return "its parent";
  return undefined;
}
