import { memo } from "react";
import type { SlotVotesRecord } from "../../../src/events/vote-records.ts";
import type { NodeView } from "../../../src/serve/views.ts";
import { formatShare } from "../lib/format.ts";
import { nodePath } from "../lib/router.ts";
import { type NamedPart, sumParts, votesByNode } from "../lib/vote-figures.ts";
import { ClientChip } from "./client-chip.tsx";
import { Link } from "./link.tsx";
import { Headings } from "./open-table.tsx";
import { Panel } from "./panel.tsx";
import { ScrollTable } from "./scroll-table.tsx";
import { ShareBar } from "./share-bar.tsx";

/** Of the votes that any node told of, what each did. */
export const VotesByNode = memo(function VotesByNode(props: {
  votes: readonly SlotVotesRecord[];
  nodes: ReadonlyMap<string, NodeView>;
}) {
  const { votes, nodes } = props;
  const shares = votesByNode(votes);
  return (
    <Panel
      title="By node"
      hint="Of the votes that any node's stream told of, how many each one did."
      className="vote-nodes"
    >
      {shares.length === 0 && <p className="empty">No node told of a vote in this range.</p>}
      {shares.length > 0 && (
        <ul className="share-list">
          {shares.map(({ node, had, of }) => (
            <li key={node}>
              <span className="share-name">
                <ClientChip client={nodes.get(node)?.client ?? null} />
                <Link to={nodePath(node)}>{node}</Link>
              </span>
              <ShareBar share={of === 0 ? 0 : had / of} />
              <span className="right number">{of === 0 ? "–" : formatShare({ had, of })}</span>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
});

/** Votes by the client of the proposers' graffiti and by labelled group, where there are any. */
export const VotesByPart = memo(function VotesByPart({ votes }: { votes: readonly SlotVotesRecord[] }) {
  const clients = sumParts(votes.map((record) => record.clients));
  const groups = sumParts(votes.map((record) => record.groups));
  return (
    <Panel
      title="By client and group"
      hint="Of each part's votes: seen live, late, on the right head, carried by a block."
      className="vote-parts"
    >
      <h3>Consensus client</h3>
      {clients.length === 0 ? (
        <p className="empty">No validator's client is known: no graffiti of a proposed block named one.</p>
      ) : (
        <PartTable label="Votes by client" first="Client" parts={clients} />
      )}
      <h3>Group</h3>
      {groups.length === 0 ? (
        <p className="empty">No validator of this range belongs to a labelled group.</p>
      ) : (
        <PartTable label="Votes by group" first="Group" parts={groups} />
      )}
    </Panel>
  );
});

function PartTable({ label, first, parts }: { label: string; first: string; parts: readonly NamedPart[] }) {
  return (
    <ScrollTable label={label}>
      <thead>
        <tr>
          <Headings first={first} figures={["Expected", "Seen", "Late", "Right head", "In blocks"]} />
        </tr>
      </thead>
      <tbody>
        {parts.map(({ name, expected, seen, late, head, included }) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            <td className="right number">{expected}</td>
            {[seen, late, head, included].map((had, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a column is its place
              <td className="right number" key={index}>
                {expected === 0 ? "–" : formatShare({ had, of: expected })}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </ScrollTable>
  );
}
