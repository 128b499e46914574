import type { SlotEvent } from "../../../src/serve/views.ts";
import { formatUtcTime, shortRoot } from "../lib/format.ts";
import { navigate, useLocation, withQuery } from "../lib/router.ts";
import { Panel } from "./panel.tsx";
import { ScrollTable } from "./scroll-table.tsx";

/** The raw events of a slot by arrival, without the votes; the filters are part of the address. */
export function EventTable({ events }: { events: readonly SlotEvent[] }) {
  const location = useLocation();
  const node = location.query.get("node");
  const topic = location.query.get("topic");
  const shown = events.filter(
    (event) => (node === null || event.node === node) && (topic === null || event.topic === topic),
  );
  const filter = (key: "node" | "topic", value: string) =>
    navigate(withQuery(location, { [key]: value === "" ? undefined : value }), { replace: true });
  return (
    <Panel
      title="Events"
      hint={`${shown.length} of ${events.length} by arrival; votes and contributions are counted above.`}
      className="events"
      aside={
        <div className="filters">
          <Filter
            name="node"
            all="All nodes"
            chosen={node}
            values={events.map((event) => event.node)}
            onChoose={filter}
          />
          <Filter
            name="topic"
            all="All topics"
            chosen={topic}
            values={events.map((event) => event.topic)}
            onChoose={filter}
          />
        </div>
      }
    >
      {events.length === 0 ? (
        <p className="empty">No event of this slot is stored. Raw events are kept for 30 days.</p>
      ) : (
        <ScrollTable label="Events">
          <thead>
            <tr>
              <th scope="col" className="right">
                After, s
              </th>
              <th scope="col">Received, UTC</th>
              <th scope="col">Node</th>
              <th scope="col">Topic</th>
              <th scope="col">Fields</th>
            </tr>
          </thead>
          <tbody>
            {shown.map((event, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: events have no identity beyond their place in the order of arrival
              <tr key={index} className={event.echo ? "echo" : ""}>
                <td className="right number">
                  {event.delay_ms === null ? "–" : (event.delay_ms / 1000).toFixed(3).replace("-", "−")}
                </td>
                <td className="number">{formatUtcTime(event.received_ms, "ms")}</td>
                <td className="number">{event.node}</td>
                <td className="number">
                  {event.topic}
                  {event.echo && <span className="sub">echo</span>}
                </td>
                <td className="fields number">{fieldsText(event.fields)}</td>
              </tr>
            ))}
          </tbody>
        </ScrollTable>
      )}
    </Panel>
  );
}

function Filter(props: {
  name: "node" | "topic";
  all: string;
  chosen: string | null;
  values: readonly string[];
  onChoose: (key: "node" | "topic", value: string) => void;
}) {
  const { name, all, chosen, values, onChoose } = props;
  const options = [...new Set(chosen === null ? values : [chosen, ...values])].sort();
  return (
    <select
      aria-label={`Events by ${name}`}
      value={chosen ?? ""}
      onChange={(event) => onChoose(name, event.target.value)}
    >
      <option value="">{all}</option>
      {options.map((value) => (
        <option key={value}>{value}</option>
      ))}
    </select>
  );
}

/** `block.root 0x7c98…7c3b  proposer_index 12`: field names without their common beginning. */
function fieldsText(fields: SlotEvent["fields"]): string {
  return Object.entries(fields)
    .filter(([name, value]) => value !== null && name !== "ethereum.slot")
    .map(([name, value]) => `${name.replace(/^ethereum\./, "")} ${valueText(value)}`)
    .join("  ");
}

function valueText(value: unknown): string {
  if (typeof value === "string") return /^0x[0-9a-f]{40,}$/i.test(value) ? shortRoot(value) : value;
  return JSON.stringify(value);
}
