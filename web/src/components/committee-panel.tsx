import type { NetworkView } from "../../../src/serve/views.ts";
import { CommitteeGrid } from "../charts/committee-grid.tsx";
import type { EpochRange } from "../lib/epoch-range.ts";
import { slotPath, useLocation, withQuery } from "../lib/router.ts";
import { epochOf } from "../lib/slot-clock.ts";
import { type Committees, useCommittees } from "../lib/use-committees.ts";
import { Link } from "./link.tsx";
import { Headings, OpenTable } from "./open-table.tsx";
import { Panel } from "./panel.tsx";
import { StepButton } from "./range-bar.tsx";
import { VoteKey } from "./vote-bar.tsx";

/** Columns of the grid where an epoch has fewer slots. */
const SLOTS = 32;

/** Votes by slot and committee: up to the epoch of the address, else to the newest of the range. */
export function CommitteePanel(props: { network: NetworkView; range: EpochRange; currentSlot: number }) {
  const { network, range, currentSlot } = props;
  const { slots_per_epoch } = network;
  const location = useLocation();
  const asked = location.query.get("epoch");
  const running = epochOf(network, currentSlot);
  const askedEpoch = asked !== null && /^\d{1,15}$/.test(asked) ? Number(asked) : range.lastEpoch;
  const epoch = Math.max(0, Math.min(running, askedEpoch));
  // The running epoch has few committees that are told: the newest slots are shown, whatever their epoch.
  const follows = epoch === running;
  const lastSlot = follows ? Math.max(0, currentSlot - 1) : (epoch + 1) * slots_per_epoch - 1;
  const firstSlot = Math.max(0, lastSlot - Math.max(slots_per_epoch, SLOTS) + 1);
  const slots = lastSlot - firstSlot + 1;
  const committees = useCommittees({ firstSlot, slots, slotsPerEpoch: slots_per_epoch, currentSlot });
  const pathOf = (to: number) => withQuery(location, { epoch: to === range.lastEpoch ? undefined : String(to) });
  return (
    <Panel
      title={follows ? "Committees of the newest slots" : `Committees up to epoch ${epoch}`}
      hint="A cell is a committee of a slot, filled by the share of its validators; a click opens the slot."
      className="committees"
      aside={
        <div className="filters">
          <StepButton
            to={epoch > 0 ? pathOf(epoch - 1) : undefined}
            label="Committees of the epoch before"
            icon="left"
          />
          <StepButton
            to={epoch < running ? pathOf(epoch + 1) : undefined}
            label="Committees of the next epoch"
            icon="right"
          />
        </div>
      }
    >
      <CommitteeGrid firstSlot={firstSlot} slots={slots} slotsPerEpoch={slots_per_epoch} bySlot={committees.bySlot} />
      <VoteKey over />
      <p className="hint">{committeeState(committees, { running: follows })}</p>
      <CommitteeTable bySlot={committees.bySlot} />
    </Panel>
  );
}

function committeeState({ bySlot, failed }: Committees, { running }: { running: boolean }): string {
  if (failed !== undefined)
    return `Not all committees could be read. ${failed} The page tries again with the next slot.`;
  const unknown = [...bySlot].filter(([, records]) => records.length === 0).map(([slot]) => slot);
  if (unknown.length > 0) {
    return `Dotted: of ${unknown.length} slots no committees are stored. They were not known, or the monitor did not watch from the slot's beginning.`;
  }
  return running ? "A committee is told two slots after its own: most of its votes are in blocks then." : "";
}

function CommitteeTable({ bySlot }: Pick<Committees, "bySlot">) {
  const figures = ["Validators", "On time", "Late", "Untimed", "Missed", "Wrong head", "Wrong target", "In blocks"];
  return (
    <OpenTable
      label="Votes by slot and committee"
      head={
        <>
          <th scope="col">Slot</th>
          <Headings first="Committee" figures={figures} />
        </>
      }
      rows={() =>
        [...bySlot.values()].flat().map((record) => (
          <tr key={`${record.slot} ${record.index}`}>
            <th scope="row">
              <Link to={slotPath(record.slot)} className="number">
                {record.slot}
              </Link>
            </th>
            <td className="number">{record.index}</td>
            <td className="right number">{record.validators}</td>
            <td className="right number">{record.on_time}</td>
            <td className="right number">{record.late}</td>
            <td className="right number">{record.untimed}</td>
            <td className="right number">{record.missed}</td>
            <td className="right number">{record.wrong_head}</td>
            <td className="right number">{record.wrong_target}</td>
            <td className="right number">{record.included}</td>
          </tr>
        ))
      }
    />
  );
}
