import { Fragment } from "react";
import type { NodeView } from "../../../src/serve/views.ts";
import { formatCount, formatDelay, formatShare } from "../lib/format.ts";
import type { DelayBehind, Share } from "../lib/node-figures.ts";
import { nodePath } from "../lib/router.ts";
import { topicCounts } from "../lib/topic-words.ts";
import { ClientChip } from "./client-chip.tsx";
import { Link } from "./link.tsx";
import { Panel } from "./panel.tsx";
import { ScrollTable } from "./scroll-table.tsx";

/** One node against the others. */
export type ComparedNode = {
  node: NodeView;
  blocks: Share | undefined;
  behind: DelayBehind | undefined;
  votes: Share | undefined;
};

/** What each node had of all that any node had, and how much later than the first. */
export function NodeComparison(props: { compared: readonly ComparedNode[]; slots: number; voteSlots: number }) {
  const { compared, slots, voteSlots } = props;
  const delays = Math.max(0, ...compared.map(({ behind }) => behind?.blocks ?? 0));
  return (
    <Panel
      title="Side by side"
      hint={
        `Blocks: share of those of all branches that any node had, last ${formatCount(slots, "slot")}. Behind: after the node that ` +
        `had the block first, ${formatCount(delays, "block")}. Votes: against the node with most, ` +
        `last ${formatCount(voteSlots, "slot")}; a node on few subnets has few.`
      }
      className="node-comparison"
    >
      <ScrollTable label="Nodes side by side">
        <thead>
          <tr>
            <th scope="col">Node</th>
            {["Blocks", "Behind, median", "p90", "Votes", "Echoes", "Reconnects"].map((title) => (
              <th scope="col" className="right" key={title}>
                {title}
              </th>
            ))}
            <th scope="col" className="apart">
              Topics
            </th>
          </tr>
        </thead>
        <tbody>
          {compared.map(({ node, blocks, behind, votes }) => (
            <tr key={node.name}>
              <th scope="row">
                <span className="node-name">
                  <ClientChip client={node.client} />
                  <Link to={nodePath(node.name)} className="number">
                    {node.name}
                  </Link>
                </span>
              </th>
              <ShareCell share={blocks} />
              <td className="right number">{delayText(behind?.medianMs)}</td>
              <td className="right number">{delayText(behind?.p90Ms)}</td>
              <ShareCell share={votes} />
              <td className="right number">{node.echoes}</td>
              <td className="right number">{node.reconnects}</td>
              <td className="apart">
                <TopicSummary topics={node.topics} />
              </td>
            </tr>
          ))}
        </tbody>
      </ScrollTable>
    </Panel>
  );
}

const delayText = (ms: number | undefined) => (ms === undefined ? "–" : formatDelay(ms));

function ShareCell({ share }: { share: Share | undefined }) {
  if (share === undefined) return <td className="right muted">–</td>;
  return (
    <td className="right number" title={`${share.had} of ${share.of}`}>
      {formatShare(share)}
    </td>
  );
}

function TopicSummary({ topics }: { topics: NodeView["topics"] }) {
  const { streaming, unknown, refused } = topicCounts(topics);
  const parts = [
    { count: streaming, words: "streaming" },
    { count: unknown, words: "nothing yet" },
    { count: refused, words: "refused" },
  ].filter(({ count }) => count > 0);
  return parts.map(({ count, words }, index) => (
    <Fragment key={words}>
      {index > 0 && ", "}
      <span className="number">{count}</span> <span className="muted">{words}</span>
    </Fragment>
  ));
}
