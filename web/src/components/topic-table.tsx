import { Fragment } from "react";
import type { NodeView } from "../../../src/serve/views.ts";
import { TOPIC_STATE_WORDS, type TopicState, topicCounts, topicRows } from "../lib/topic-words.ts";
import { Panel } from "./panel.tsx";
import { ScrollTable } from "./scroll-table.tsx";

const STATES: readonly TopicState[] = ["streaming", "unknown", "refused"];

/** Each topic of the node's event stream: whether it comes, and what it brings. */
export function TopicTable({ node: { topics, state } }: { node: NodeView }) {
  const counts = topicCounts(topics);
  const rows = topicRows(topics);
  return (
    <Panel
      title="Topics"
      hint={
        state === "streaming"
          ? "Each topic stands for itself: what a node refuses costs nothing else."
          : "Its stream is not up: this is what was known before."
      }
      className="topics"
    >
      <ScrollTable label="Topics">
        <thead>
          <tr>
            <th scope="col">Topic</th>
            <th scope="col">Brings</th>
          </tr>
        </thead>
        {STATES.filter((group) => counts[group] > 0).map((group) => (
          <tbody key={group}>
            <tr className="topic-state-row">
              <th colSpan={2} scope="rowgroup">
                <span className={`topic-state ${group}`}>{TOPIC_STATE_WORDS[group].title}</span>{" "}
                <span className="muted">{TOPIC_STATE_WORDS[group].meaning}</span>
              </th>
            </tr>
            {rows
              .filter((row) => row.state === group)
              .map(({ topic, brings }) => (
                <tr key={topic}>
                  <th scope="row" className="number">
                    <Breakable name={topic} />
                  </th>
                  <td className="wrapping muted">{brings}</td>
                </tr>
              ))}
          </tbody>
        ))}
      </ScrollTable>
    </Panel>
  );
}

/** A name that may go on in the next line after each underscore. */
function Breakable({ name }: { name: string }) {
  return name.split("_").map((part, index) => (
    <Fragment key={part}>
      {index > 0 && (
        <>
          _<wbr />
        </>
      )}
      {part}
    </Fragment>
  ));
}
