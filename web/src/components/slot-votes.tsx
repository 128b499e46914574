import { formatShare } from "../lib/format.ts";
import type { SlotVotes } from "../lib/use-slot-votes.ts";
import type { Stored } from "../lib/use-stored.ts";
import { type HeardVotes, isHeard } from "../lib/vote-figures.ts";
import { HeadList } from "./doubt-table.tsx";
import { Headings, OpenTable } from "./open-table.tsx";
import { Panel } from "./panel.tsx";
import { VoteBar } from "./vote-bar.tsx";

const share = (value: number | null) => (value === null ? "–" : formatShare({ had: value, of: 1 }));

/** What the slot's committees voted: as the streams told it and as blocks carry it, the heads, the committees. */
export function SlotVotesPanel({ stored, running }: { stored: Stored<SlotVotes>; running: boolean }) {
  return (
    <Panel title="Votes" hint="What the slot's committees voted." className="slot-votes">
      {stored.kind === "loading" && <span className="bone" />}
      {stored.kind === "failed" && <p className="empty">The votes could not be read. {stored.sentence}</p>}
      {stored.kind === "ready" && <Votes {...stored.answer} running={running} />}
    </Panel>
  );
}

function Votes({ votes, committees, running }: SlotVotes & { running: boolean }) {
  if (votes === undefined || votes.expected === 0) {
    return (
      <p className="empty">
        None are stored: the slot's committees were not known, or the monitor did not watch from its beginning.
      </p>
    );
  }
  const { expected, included, double_votes } = votes;
  return (
    <>
      {isHeard(votes) && <VoteBar record={votes} running={running} />}
      <dl className="facts">
        <dt>seen live</dt>
        <dd>
          {isHeard(votes) ? (
            <>
              <span className="number">
                {votes.seen} of {expected}
              </span>
              <span className="muted"> {partsOf(votes, running)}</span>
            </>
          ) : (
            <span className="muted">not known: no stream was up while the votes were due</span>
          )}
        </dd>
        <dt>in blocks</dt>
        <dd>
          <span className="number">{included}</span>
          <span className="muted">
            {votes.inclusion_delay === null
              ? " no canonical block carries them yet"
              : ` after ${votes.inclusion_delay.toFixed(2)} slots, ${votes.inclusion_delay_blocks?.toFixed(2)} blocks in the mean`}
          </span>
        </dd>
        {(["target", "head", "source"] as const).map((part) => (
          <Right key={part} part={part} live={share(votes[`live_${part}`])} blocks={share(votes[`blocks_${part}`])} />
        ))}
        {votes.sync_bits !== null && (
          <>
            <dt>sync</dt>
            <dd>
              <span className="number">
                {votes.sync_bits} of {votes.sync_size}
              </span>
              <span className="muted"> bits in the slot's block</span>
            </dd>
          </>
        )}
        {double_votes > 0 && (
          <>
            <dt>double</dt>
            <dd className="is-missed number">{double_votes}</dd>
          </>
        )}
      </dl>
      <div className="slot-votes-part">
        <p className="muted">Heads voted for, share of the expected weight</p>
        <HeadList heads={votes.heads} />
      </div>
      {committees.length === 0 ? (
        <p className="hint">Its committees are told two slots after it.</p>
      ) : (
        <CommitteesOfSlot committees={committees} />
      )}
    </>
  );
}

function partsOf({ on_time, late, untimed, missing }: HeardVotes, running: boolean): string {
  const parts = [`${on_time} on time`, `${late} late`];
  if (untimed > 0) parts.push(`${untimed} in aggregates alone`);
  if (missing > 0) parts.push(`${missing} ${running ? "still to come" : "missing"}`);
  return parts.join(", ");
}

function Right({ part, live, blocks }: { part: string; live: string; blocks: string }) {
  return (
    <>
      <dt>right {part}</dt>
      <dd>
        <span className="number">{live}</span>
        <span className="muted number"> live, {blocks} in blocks</span>
      </dd>
    </>
  );
}

function CommitteesOfSlot({ committees }: Pick<SlotVotes, "committees">) {
  return (
    <OpenTable
      summary={`By committee (${committees.length})`}
      label="Votes by committee"
      head={
        <Headings first="Committee" figures={["On time", "Late", "Untimed", "Missed", "Wrong head", "In blocks"]} />
      }
      rows={() =>
        committees.map((record) => (
          <tr key={record.index}>
            <th scope="row" className="number">
              {record.index}
            </th>
            <td className="right number">{record.on_time}</td>
            <td className="right number">{record.late}</td>
            <td className="right number">{record.untimed}</td>
            <td className="right number">{record.missed}</td>
            <td className="right number">{record.wrong_head}</td>
            <td className="right number">{record.included}</td>
          </tr>
        ))
      }
    />
  );
}
