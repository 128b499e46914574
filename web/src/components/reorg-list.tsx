import type { ReorgRecord } from "../../../src/events/reorg.ts";
import { capitalized, formatCount, formatList } from "../lib/format.ts";
import { useNowMs } from "../lib/monitor.tsx";
import { abandonedSlots, type ReorgSort } from "../lib/reorg-order.ts";
import { type Location, reorgPath, withQuery } from "../lib/router.ts";
import { Link } from "./link.tsx";
import { Moment } from "./moment.tsx";
import { Panel } from "./panel.tsx";
import { ScrollTable } from "./scroll-table.tsx";
import { SortHead } from "./sort-head.tsx";

/** The reorgs, by time, depth or number of nodes. */
export function ReorgList(props: {
  reorgs: readonly ReorgRecord[];
  shown: ReorgRecord | undefined;
  /** The page is that of the shown one, which does not only stand beside the list. */
  own: boolean;
  sort: ReorgSort;
  nodeCount: number;
  location: Location;
  more: { limit: number } | undefined;
}) {
  const { reorgs, shown, own, sort, nodeCount, location, more } = props;
  const nowMs = useNowMs(1000);
  return (
    <Panel
      title="Reorgs"
      hint={`${formatCount(reorgs.length, "reorg")}, by parent links over all nodes.`}
      className="reorg-list"
    >
      <ScrollTable label="Reorgs">
        <thead>
          <tr>
            <th scope="col">Slots left</th>
            <SortHead words="When" to={withQuery(location, { sort: undefined })} sorted={sort === "time"} />
            <SortHead words="Depth" to={withQuery(location, { sort: "depth" })} sorted={sort === "depth"} right />
            <SortHead words="Nodes" to={withQuery(location, { sort: "nodes" })} sorted={sort === "nodes"} right />
          </tr>
        </thead>
        <tbody>
          {reorgs.map((reorg) => (
            <tr
              key={reorg.id}
              className={reorg.id === shown?.id ? "shown" : ""}
              ref={reorg.id === shown?.id ? bringIntoList : undefined}
            >
              <th scope="row">
                <Link
                  to={withQuery({ ...location, path: reorgPath(reorg.id) }, {})}
                  className="number whole-row"
                  current={own && reorg.id === shown?.id}
                >
                  {capitalized(abandonedSlots(reorg))}
                </Link>
              </th>
              <td className="muted">
                <Moment timeMs={reorg.at_ms} nowMs={nowMs} />
              </td>
              <td className="right number">{reorg.depth}</td>
              <td className="right number" title={formatList(reorg.nodes)}>
                {reorg.nodes.length}/{Math.max(nodeCount, reorg.nodes.length)}
              </td>
            </tr>
          ))}
        </tbody>
      </ScrollTable>
      {more !== undefined && (
        <p className="more">
          <Link to={withQuery(location, { last: String(more.limit) })}>Older ones, up to {more.limit} in all</Link>
        </p>
      )}
    </Panel>
  );
}

/** Scrolls the list alone, not the page, to the shown reorg. */
function bringIntoList(row: HTMLTableRowElement | null): void {
  const list = row?.closest(".scroll-table");
  if (!row || !list) return;
  const [place, frame] = [row.getBoundingClientRect(), list.getBoundingClientRect()];
  if (place.top >= frame.top && place.bottom <= frame.bottom) return;
  list.scrollTop += place.top - frame.top - frame.height / 2;
}
