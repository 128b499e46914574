import type { ReorgRecord } from "../../../src/events/reorg.ts";
import type { NetworkView } from "../../../src/serve/views.ts";
import { formatCount, formatList, formatUtc } from "../lib/format.ts";
import type { LiveState } from "../lib/live-state.ts";
import { useNowMs } from "../lib/monitor.tsx";
import { abandonedSlots } from "../lib/reorg-order.ts";
import { type Location, reorgPath, slotPath, withQuery } from "../lib/router.ts";
import { Link } from "./link.tsx";
import { Moment } from "./moment.tsx";
import { Neighbour, useArrowKeys } from "./neighbours.tsx";
import { ReorgBranches } from "./reorg-branches.tsx";
import { ReorgSwitches } from "./reorg-switches.tsx";
import { Root } from "./root.tsx";

/** One reorg: what was left for what, both branches, and who switched when. */
export function ReorgDetail(props: {
  reorg: ReorgRecord;
  before: ReorgRecord | undefined;
  after: ReorgRecord | undefined;
  state: LiveState;
  network: NetworkView;
  location: Location;
  /** The page is this reorg's own, not that of the list. */
  own: boolean;
}) {
  const { reorg, before, after, state, network, location, own } = props;
  const Heading = own ? "h1" : "h2";
  const pathOf = (other: ReorgRecord | undefined) =>
    other === undefined ? undefined : withQuery({ ...location, path: reorgPath(other.id) }, {});
  useArrowKeys(pathOf(before), pathOf(after));
  const nowMs = useNowMs(1000);
  return (
    <>
      <header className="slot-header reorg-header">
        <Neighbour to={pathOf(before)} side="left" label="Reorg before this one in the list" />
        <Heading>
          <span className="muted">Reorg of {formatCount(reorg.depth, "block")}, </span>
          <span className="number">{abandonedSlots(reorg)}</span>
        </Heading>
        <Neighbour to={pathOf(after)} side="right" label="Next reorg in the list" />
        <Link to={withQuery({ ...location, path: "/reorgs" }, {})} className="button to-list">
          All reorgs
        </Link>
      </header>
      <p className="reorg-sentence">
        {formatList(reorg.nodes)} left {formatCount(reorg.depth, "block")},{" "}
        <Root root={reorg.id} what="first abandoned root" />
        {reorg.old_head !== reorg.id && (
          <>
            {" "}
            to <Root root={reorg.old_head} what="old head root" />
          </>
        )}
        , for a head at slot{" "}
        <Link to={slotPath(reorg.slot)} className="number">
          {reorg.slot}
        </Link>
        , <Root root={reorg.new_head} what="new head root" />, <Moment timeMs={reorg.at_ms} nowMs={nowMs} />{" "}
        <span className="muted">at {formatUtc(reorg.at_ms, "ms")}.</span>
        {reorg.common_ancestor !== null && (
          <>
            {" "}
            The branches part after <Root root={reorg.common_ancestor} what="common ancestor root" />.
          </>
        )}
        {reorg.inferred && " A parent on the way was inferred from the nodes' heads."}
      </p>
      <ReorgBranches reorg={reorg} state={state} />
      <ReorgSwitches reorg={reorg} network={network} nodes={state.nodes} />
    </>
  );
}
