import type { GroupView, ValidatorView } from "../../../src/serve/views.ts";
import { formatCount } from "../lib/format.ts";
import { slotPath } from "../lib/router.ts";
import { Link } from "./link.tsx";
import { Panel } from "./panel.tsx";
import { ScrollTable } from "./scroll-table.tsx";

/** So many fit a screen; the API has them all. */
const SHOWN = 100;

/** The validators of a group that have faults, those with most of their own first. */
export function ValidatorTable({ group, validators }: { group: GroupView; validators: readonly ValidatorView[] }) {
  const without = Math.max(0, group.labelled - validators.length);
  return (
    <Panel
      title="Validators with faults"
      hint={`${formatCount(validators.length, "validator")}, worst first; ${without} without any.`}
      className="validators-with-faults"
    >
      {validators.length === 0 ? (
        <p className="empty">Every validator of the group did what it had to do.</p>
      ) : (
        <ScrollTable label={`Validators of ${group.group} with faults`}>
          <thead>
            <tr>
              <th scope="col">Validator</th>
              {["Yours", "All", "Missed", "Wrong", "Late", "Proposals", "Sync", "Last, slot"].map((title) => (
                <th scope="col" className="right" key={title}>
                  {title}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {validators.slice(0, SHOWN).map((view) => (
              <ValidatorRow key={view.validator} view={view} />
            ))}
          </tbody>
        </ScrollTable>
      )}
      {validators.length > SHOWN && <p className="hint">And {validators.length - SHOWN} more.</p>}
    </Panel>
  );
}

function ValidatorRow({ view }: { view: ValidatorView }) {
  const counts = [
    view.faults_own,
    view.faults_own + view.faults_network + view.faults_unclear,
    view.attestations_missed,
    view.attestations_wrong_head + view.attestations_wrong_target,
    view.attestations_late,
    view.proposals_lost + view.proposals_late,
    view.sync_missed,
  ];
  return (
    <tr>
      <th scope="row" className="number">
        {view.validator}
      </th>
      {counts.map((count, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a row's cells have fixed places
        <td key={index} className={`right number ${count === 0 ? "muted" : ""}`}>
          {count}
        </td>
      ))}
      <td className="right">
        <Link to={slotPath(view.last_slot)} className="number">
          {view.last_slot}
        </Link>
      </td>
    </tr>
  );
}
