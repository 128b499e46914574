import { memo } from "react";
import type { SlotVotesRecord } from "../../../src/events/vote-records.ts";
import { formatShare } from "../lib/format.ts";
import { slotPath } from "../lib/router.ts";
import { DOUBT_SHARE, isInDoubt } from "../lib/vote-figures.ts";
import { Link } from "./link.tsx";
import { Panel } from "./panel.tsx";
import { Root } from "./root.tsx";
import { ScrollTable } from "./scroll-table.tsx";
import { ShareBar } from "./share-bar.tsx";

const MOST = 50;

/** Slots whose validators disagreed on the head, or voted twice. */
export const DoubtTable = memo(function DoubtTable({ votes }: { votes: readonly SlotVotesRecord[] }) {
  const doubtful = votes.filter(isInDoubt).toReversed();
  return (
    <Panel
      title="Slots in doubt"
      hint={`At least ${100 * DOUBT_SHARE} % of the weight voted for another head than the heaviest, or validators voted twice.`}
      className="doubts"
    >
      {doubtful.length === 0 ? (
        <p className="empty">
          {votes.length === 0
            ? "No votes of this range are stored."
            : `None: in all ${votes.length} slots with votes the validators agreed on the head, and none voted twice.`}
        </p>
      ) : (
        <ScrollTable label="Slots in doubt">
          <thead>
            <tr>
              <th scope="col">Slot</th>
              <th scope="col">Heads voted for</th>
              <th scope="col" className="right">
                Double votes
              </th>
            </tr>
          </thead>
          <tbody>
            {doubtful.slice(0, MOST).map((record) => (
              <tr key={record.slot}>
                <th scope="row">
                  <Link to={slotPath(record.slot)} className="number">
                    {record.slot}
                  </Link>
                </th>
                <td>
                  <HeadList heads={record.heads} />
                </td>
                <td className={record.double_votes > 0 ? "right number is-missed" : "right number"}>
                  {record.double_votes}
                </td>
              </tr>
            ))}
          </tbody>
        </ScrollTable>
      )}
      {doubtful.length > MOST && <p className="hint">{`The newest ${MOST} of ${doubtful.length}.`}</p>}
    </Panel>
  );
});

/** The heads that a slot's votes name, the heaviest first, with their share of the expected weight. */
export function HeadList({ heads }: { heads: SlotVotesRecord["heads"] }) {
  return (
    <ul className="share-list heads">
      {heads.map(({ root, votes, share }) => (
        <li key={root}>
          <Root root={root} what="head root" />
          <ShareBar share={share} />
          <span className="number right">{formatShare({ had: share, of: 1 })}</span>
          <span className="number muted right">{votes}</span>
        </li>
      ))}
    </ul>
  );
}
