import type { NetworkView } from "../../../src/serve/views.ts";
import { Link } from "../components/link.tsx";
import { Notice } from "../components/notice.tsx";
import { ReorgDetail } from "../components/reorg-detail.tsx";
import { ReorgList } from "../components/reorg-list.tsx";
import { ListSkeleton } from "../components/skeleton.tsx";
import type { LiveState } from "../lib/live-state.ts";
import { reorgSortOf, sortedReorgs } from "../lib/reorg-order.ts";
import { useLocation } from "../lib/router.ts";
import { FEW_REORGS, MOST_REORGS, useReorgs } from "../lib/use-reorgs.ts";

/** The reorgs, and one of them in full: that of the address, else the first of the list. */
export function ReorgsPage(props: { state: LiveState; network: NetworkView; id: string | undefined }) {
  const { state, network, id } = props;
  const location = useLocation();
  const sort = reorgSortOf(location);
  const limit = location.query.get("last") === String(MOST_REORGS) ? MOST_REORGS : FEW_REORGS;
  const stored = useReorgs(state, limit);
  if (stored.kind === "loading") return <ListSkeleton what="reorgs" />;
  if (stored.kind === "failed") {
    return (
      <>
        <h1 className="visually-hidden">Reorgs</h1>
        <Notice title="The reorgs could not be read" tone="problem">
          <p>
            {stored.sentence} The page tries again every few seconds; the <Link to="/">live screen</Link> still shows
            new ones.
          </p>
        </Notice>
      </>
    );
  }
  const { more } = stored.answer;
  const reorgs = sortedReorgs(stored.answer.reorgs, sort);
  const index = id === undefined ? 0 : reorgs.findIndex((reorg) => reorg.id === id);
  const shown = reorgs[index];
  if (shown === undefined && id === undefined) return <NoReorgs />;
  return (
    <div className={id === undefined ? "reorgs-page only-list" : "reorgs-page only-one"}>
      {id === undefined && <h1 className="visually-hidden">Reorgs</h1>}
      <div className="reorgs-side">
        <ReorgList
          reorgs={reorgs}
          shown={shown}
          own={id !== undefined}
          sort={sort}
          nodeCount={state.nodes.size}
          location={location}
          more={more && limit < MOST_REORGS ? { limit: MOST_REORGS } : undefined}
        />
      </div>
      <div className="reorgs-main">
        {shown === undefined ? (
          <UnknownReorg more={more} />
        ) : (
          <ReorgDetail
            key={shown.id}
            reorg={shown}
            before={reorgs[index - 1]}
            after={reorgs[index + 1]}
            state={state}
            network={network}
            location={location}
            own={id !== undefined}
          />
        )}
      </div>
    </div>
  );
}

function NoReorgs() {
  return (
    <>
      <h1 className="visually-hidden">Reorgs</h1>
      <Notice title="No reorg is stored">
        <p>
          No node has left a block that it called head for another branch. Reorgs are computed from the parent links of
          all nodes' blocks; the first one shows here as soon as a node switches.
        </p>
      </Notice>
    </>
  );
}

function UnknownReorg({ more }: { more: boolean }) {
  return (
    <>
      <h1 className="visually-hidden">Reorgs</h1>
      <Notice title="There is no such reorg">
        <p>
          {more
            ? "It is not among those of the list, which holds the newest ones: the list can show older ones too."
            : "A header may have shown that it was none, or its first abandoned block is another one by now."}
        </p>
      </Notice>
    </>
  );
}
