import type { GroupView } from "../../../src/serve/views.ts";
import { proposalsOk, votesOk } from "../lib/duty-words.ts";
import { formatCount, formatShare } from "../lib/format.ts";
import { groupPath, type Location, withQuery } from "../lib/router.ts";
import { Link } from "./link.tsx";
import { Panel } from "./panel.tsx";
import { ScrollTable } from "./scroll-table.tsx";

/** The spans that the figures can be of, in epochs. */
export const SPANS = [32, 225, 1575] as const;

/** The groups of labelled validators, the one that lost most first. */
export function GroupTable(props: {
  groups: readonly GroupView[];
  shown: string | undefined;
  epochs: number;
  location: Location;
}) {
  const { groups, shown, epochs, location } = props;
  return (
    <Panel
      title="Groups"
      hint="Worst first, by what its votes lost. Yours: faults whose cause lies with the validators or their node."
      className="group-table"
      aside={<SpanLinks epochs={epochs} location={location} />}
    >
      <ScrollTable label="Groups of your validators">
        <thead>
          <tr>
            <th scope="col">Group</th>
            {["Votes ok", "Missed", "Wrong", "Late", "Delay, slots", "Proposals", "Sync", "Yours", "Not yours"].map(
              (title) => (
                <th scope="col" className="right" key={title}>
                  {title}
                </th>
              ),
            )}
          </tr>
        </thead>
        <tbody>
          {groups.map((group) => (
            <GroupRow key={group.group} group={group} shown={group.group === shown} location={location} />
          ))}
        </tbody>
      </ScrollTable>
    </Panel>
  );
}

function GroupRow({ group, shown, location }: { group: GroupView; shown: boolean; location: Location }) {
  const wrong = group.attestations_wrong_head + group.attestations_wrong_target;
  const { sync_expected, sync_signed } = group;
  const sync = sync_expected ? { had: sync_signed ?? 0, of: sync_expected } : undefined;
  return (
    <tr className={shown ? "shown" : ""}>
      <th scope="row">
        <Link to={withQuery({ ...location, path: groupPath(group.group) }, {})} className="number" current={shown}>
          {group.group}
        </Link>
        <span className="sub">
          {formatCount(group.labelled, "validator")}
          {group.nodes.length > 0 && ` on ${group.nodes.join(", ")}`}
        </span>
      </th>
      <ShareCell share={votesOk(group)} />
      <CountCell count={group.attestations_missed} tone="missed" />
      <CountCell count={wrong} tone="orphaned" />
      <CountCell count={group.attestations_late} tone="late" />
      <td className="right number">{group.inclusion_delay?.toFixed(2) ?? <None />}</td>
      <ShareCell share={proposalsOk(group)} counted />
      <ShareCell share={sync} />
      <CountCell count={group.faults_own} tone="missed" />
      <CountCell count={group.faults_network + group.faults_unclear} tone="plain" />
    </tr>
  );
}

function ShareCell({ share, counted = false }: { share: { had: number; of: number } | undefined; counted?: boolean }) {
  if (share === undefined) {
    return (
      <td className="right number">
        <None />
      </td>
    );
  }
  return (
    <td className="right number" title={`${share.had} of ${share.of}`}>
      {counted ? `${share.had}/${share.of}` : formatShare(share)}
    </td>
  );
}

/** Colour says: look here. None for a zero. */
function CountCell({ count, tone }: { count: number; tone: "missed" | "orphaned" | "late" | "plain" }) {
  return <td className={`right number ${count === 0 ? "muted" : `tone-${tone}`}`}>{count}</td>;
}

const None = () => <span className="muted">–</span>;

function SpanLinks({ epochs, location }: { epochs: number; location: Location }) {
  return (
    <nav className="spans" aria-label="Span of the figures">
      {SPANS.map((span) => (
        <Link
          key={span}
          to={withQuery(location, { epochs: span === SPANS[1] ? undefined : String(span) })}
          current={span === epochs}
        >
          {span} epochs
        </Link>
      ))}
    </nav>
  );
}
