import type { DutyRecord } from "../../../src/events/duty-records.ts";
import {
  faultLook,
  faultTitle,
  type SharedFault,
  SIDE_WORDS,
  sharedFaults,
  validatorsWords,
} from "../lib/duty-words.ts";
import { capitalized } from "../lib/format.ts";
import { useNowMs } from "../lib/monitor.tsx";
import { type Location, slotPath, withQuery } from "../lib/router.ts";
import { Link } from "./link.tsx";
import { Moment } from "./moment.tsx";
import { Panel } from "./panel.tsx";
import { SlotGlyph } from "./slot-glyph.tsx";

/** The faults of a group, newest first: what, who, and the first cause with its evidence in one sentence. */
export function FaultList(props: {
  group: string;
  faults: readonly DutyRecord[];
  more: number | undefined;
  location: Location;
}) {
  const { group, faults, more, location } = props;
  const nowMs = useNowMs(1000);
  return (
    <Panel
      title={`Faults of ${group}`}
      hint="Newest first, each with the first cause that could be shown. Each line opens its slot."
      className="faults"
    >
      {faults.length === 0 ? (
        <p className="empty">No duty was missed, late or wrong in this span.</p>
      ) : (
        <ol className="fault-list">
          {sharedFaults(faults).map((line) => (
            <FaultLine key={`${line.fault.id} ${line.fault.sentence}`} line={line} nowMs={nowMs} />
          ))}
        </ol>
      )}
      {more !== undefined && (
        <p className="more">
          <Link to={withQuery(location, { last: String(more) })}>Older ones, up to {more} in all</Link>
        </p>
      )}
    </Panel>
  );
}

function FaultLine({ line, nowMs }: { line: SharedFault; nowMs: number }) {
  const { fault, validators } = line;
  return (
    <li>
      <Link to={slotPath(fault.slot)} className="fault">
        <SlotGlyph look={faultLook(fault.outcome)} />
        <span className="fault-title">
          <span className="muted">Slot </span>
          <span className="number">{fault.slot}</span> {faultTitle(line)}
        </span>
        <span className={`side ${fault.side}`}>
          {SIDE_WORDS[fault.side]}: {fault.cause.replaceAll("_", " ")}
        </span>
        <span className="fault-time">
          <Moment timeMs={fault.start_ms} nowMs={nowMs} />
        </span>
        <span className="fault-detail">
          {fault.sentence} {capitalized(validatorsWords(validators))}.{!fault.final && " A block may still carry it."}
        </span>
      </Link>
    </li>
  );
}
