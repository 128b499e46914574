import type { EpochRecord } from "../../../src/events/derived.ts";
import type { SlotVotesRecord } from "../../../src/events/vote-records.ts";
import { formatShare } from "../lib/format.ts";
import { slotPath } from "../lib/router.ts";
import { Link } from "./link.tsx";
import { Headings, OpenTable } from "./open-table.tsx";

const share = (value: number | null) => (value === null ? "–" : formatShare({ had: value, of: 1 }));
const delay = (value: number | null) => value?.toFixed(2) ?? "–";

const SHARES = ["Target live", "in blocks", "Head live", "in blocks ", "Source live", "in blocks  "];
const DELAYS = ["Delay, slots", "in blocks   "];

/** The charts' data by slot. */
export function SlotVoteTable({ votes }: { votes: readonly SlotVotesRecord[] }) {
  const figures = ["Expected", "Seen", "Late", "Untimed", "Missing", ...SHARES, ...DELAYS, "Sync bits"];
  return (
    <OpenTable
      label="Votes by slot"
      head={<Headings first="Slot" figures={figures} />}
      rows={() =>
        votes.toReversed().map((record) => (
          <tr key={record.slot}>
            <th scope="row">
              <Link to={slotPath(record.slot)} className="number">
                {record.slot}
              </Link>
            </th>
            <Cells
              values={[
                record.expected,
                record.seen ?? "–",
                record.late ?? "–",
                record.untimed ?? "–",
                record.missing ?? "–",
                ...sharesOf(record),
                record.sync_bits === null ? "–" : `${record.sync_bits} of ${record.sync_size}`,
              ]}
            />
          </tr>
        ))
      }
    />
  );
}

/** The charts' data by epoch. */
export function EpochVoteTable({ epochs }: { epochs: readonly EpochRecord[] }) {
  const figures = ["Validators", "Seen", "Late", "Missing", ...SHARES, ...DELAYS, "Double votes"];
  return (
    <OpenTable
      label="Votes by epoch"
      summary="The same by epoch, as a table"
      head={<Headings first="Epoch" figures={figures} />}
      rows={() =>
        epochs.toReversed().map((record) => (
          <tr key={record.epoch}>
            <th scope="row" className="number">
              {record.epoch}
            </th>
            <Cells
              values={[
                record.active_validators ?? "not known",
                record.votes_seen ?? "–",
                record.votes_late ?? "–",
                record.votes_missing ?? "–",
                ...sharesOf(record),
                record.double_votes ?? "–",
              ]}
            />
          </tr>
        ))
      }
    />
  );
}

type Shared = Pick<
  SlotVotesRecord,
  | "live_target"
  | "blocks_target"
  | "live_head"
  | "blocks_head"
  | "live_source"
  | "blocks_source"
  | "inclusion_delay"
  | "inclusion_delay_blocks"
>;

function sharesOf(record: Shared): string[] {
  return [
    share(record.live_target),
    share(record.blocks_target),
    share(record.live_head),
    share(record.blocks_head),
    share(record.live_source),
    share(record.blocks_source),
    delay(record.inclusion_delay),
    delay(record.inclusion_delay_blocks),
  ];
}

/** Figures of one row; their places never change, so that they are their keys. */
function Cells({ values }: { values: readonly (string | number)[] }) {
  return values.map((value, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: a column is its place
    <td className="right number" key={index}>
      {value}
    </td>
  ));
}
