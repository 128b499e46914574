import { useCallback } from "react";
import type { GroupAnswer, NetworkView, ValidatorsAnswer } from "../../../src/serve/views.ts";
import { FaultList } from "../components/fault-list.tsx";
import { GroupTable, SPANS } from "../components/group-table.tsx";
import { Link } from "../components/link.tsx";
import { Notice } from "../components/notice.tsx";
import { ListSkeleton } from "../components/skeleton.tsx";
import { ValidatorTable } from "../components/validator-table.tsx";
import { useCurrentSlot, useMonitor } from "../lib/monitor.tsx";
import { type Location, useLocation } from "../lib/router.ts";
import { type Stored, useStored } from "../lib/use-stored.ts";

const FEW_FAULTS = 100;
const MOST_FAULTS = 1000;

/** Your own validators: the groups, and one of them with its faults: that of the address, else the worst. */
export function ValidatorsPage({ network, group }: { network: NetworkView; group: string | undefined }) {
  const { api } = useMonitor();
  const location = useLocation();
  const currentSlot = useCurrentSlot(network);
  const epochs = spanOf(location);
  const read = useCallback((signal: AbortSignal) => api.validators(epochs, signal), [api, epochs]);
  // Duties are judged as slots pass; they are not on the stream.
  const stored = useStored(read, currentSlot);
  if (stored.kind === "loading") return <ListSkeleton what="validators" />;
  if (stored.kind === "failed") return <Failed sentence={stored.sentence} />;
  const { answer } = stored;
  if (!answer.labelled) return <NoLabels />;
  return (
    <div className="validators-page">
      <h1 className="visually-hidden">Validators{group === undefined ? "" : `: ${group}`}</h1>
      <GroupTable groups={answer.groups} shown={group ?? answer.groups[0]?.group} epochs={epochs} location={location} />
      <Shown answer={answer} group={group} epochs={epochs} location={location} changed={currentSlot} />
    </div>
  );
}

function spanOf({ query }: Location): number {
  return SPANS.find((span) => String(span) === query.get("epochs")) ?? SPANS[1];
}

function Shown(props: {
  answer: ValidatorsAnswer;
  group: string | undefined;
  epochs: number;
  location: Location;
  changed: number;
}) {
  const { answer, epochs, location, changed } = props;
  const { groups } = answer;
  const name = props.group ?? groups[0]?.group;
  if (name === undefined || !groups.some(({ group }) => group === name)) {
    return (
      <Notice title="There is no group of this name">
        <p>The label file does not name it. The groups that it names stand above.</p>
      </Notice>
    );
  }
  return <GroupInFull key={name} name={name} epochs={epochs} location={location} changed={changed} />;
}

function GroupInFull(props: { name: string; epochs: number; location: Location; changed: number }) {
  const { name, epochs, location, changed } = props;
  const { api } = useMonitor();
  const limit = location.query.get("last") === String(MOST_FAULTS) ? MOST_FAULTS : FEW_FAULTS;
  const read = useCallback(
    (signal: AbortSignal) => api.validatorGroup({ group: name, epochs, limit, signal }),
    [api, name, epochs, limit],
  );
  const stored: Stored<GroupAnswer> = useStored(read, changed);
  if (stored.kind === "loading") {
    return (
      <div className="panel" aria-busy="true">
        <span className="bone short" />
        <span className="bone block" />
      </div>
    );
  }
  if (stored.kind === "failed") return <Failed sentence={stored.sentence} />;
  const { group, validators, faults, next_before } = stored.answer;
  const more = next_before !== null && limit < MOST_FAULTS ? MOST_FAULTS : undefined;
  return (
    <div className="group-in-full">
      <FaultList group={name} faults={faults} more={more} location={location} />
      <ValidatorTable group={group} validators={validators} />
    </div>
  );
}

function Failed({ sentence }: { sentence: string }) {
  return (
    <>
      <h1 className="visually-hidden">Validators</h1>
      <Notice title="The duties could not be read" tone="problem">
        <p>
          {sentence} The page tries again every few seconds; the <Link to="/">live screen</Link> goes on meanwhile.
        </p>
      </Notice>
    </>
  );
}

function NoLabels() {
  return (
    <>
      <h1 className="visually-hidden">Validators</h1>
      <Notice title="No validators are labelled as yours">
        <p>
          A label file names them by index, range or public key, each with a group and the node that it uses. What they
          miss, and why, shows here.
        </p>
        <pre className="example">{EXAMPLE}</pre>
        <p>
          Start with <code>npm start -- --node URL --labels FILE</code>, or set <code>validators.labels</code> in the
          configuration file. <code>docs/duties.md</code> says more.
        </p>
      </Notice>
    </>
  );
}

const EXAMPLE = `# who, group, node
1200-1299 home @lighthouse-1
0x93247f… guest`;
