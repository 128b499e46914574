import type { ExchangeCounts, HostsAnswer, PacketsView } from "../../../src/serve/views.ts";
import { formatDelay } from "../lib/format.ts";
import { formatBytes, formatMs } from "../lib/host-words.ts";
import { Panel } from "./panel.tsx";
import { ScrollTable } from "./scroll-table.tsx";

const MOST_TOLD = 3;
const PROTOCOLS = ["dns", "http", "icmp"] as const;

/** What went over the wire at the nodes' servers around a slot. */
export function HostPackets({ answer, startMs }: { answer: HostsAnswer; startMs: number }) {
  const nodes = answer.nodes.flatMap(({ node, packets }) => (packets === null ? [] : [{ node, packets }]));
  if (nodes.length === 0) return null;
  return (
    <Panel
      title="Packets"
      hint="From the slot before to the slot after: connections that ended, requests with those that failed and the longest, and what failed or was slowest."
      className="host-packets"
    >
      <ScrollTable label="Packets">
        <thead>
          <tr>
            <th scope="col">Node</th>
            <th scope="col" className="right">
              Flows
            </th>
            <th scope="col">Most bytes with</th>
            {PROTOCOLS.map((protocol) => (
              <th scope="col" className="right" key={protocol}>
                {protocol.toUpperCase()}
              </th>
            ))}
            <th scope="col" className="apart">
              Failed or slowest
            </th>
          </tr>
        </thead>
        <tbody>
          {nodes.map(({ node, packets }) => (
            <tr key={node}>
              <th scope="row" className="number">
                {node}
              </th>
              <td className="right number">
                {packets.flows.count}
                <span className="sub">{formatBytes(packets.flows.bytes)}</span>
              </td>
              <td className="number">
                {packets.flows.peers.slice(0, MOST_TOLD).map(({ ip, bytes }) => (
                  <span className="peer" key={ip}>
                    {ip} <span className="muted">{formatBytes(bytes)}</span>
                  </span>
                ))}
              </td>
              {PROTOCOLS.map((protocol) => (
                <Counts key={protocol} counts={packets[protocol]} />
              ))}
              <Worst packets={packets} startMs={startMs} />
            </tr>
          ))}
        </tbody>
      </ScrollTable>
    </Panel>
  );
}

function Counts({ counts }: { counts: ExchangeCounts }) {
  return (
    <td className="right number">
      {counts.count}
      {counts.failed > 0 && <span className="sub is-missed">{counts.failed} failed</span>}
      {counts.max_ms !== null && <span className="sub">to {formatMs(counts.max_ms)}</span>}
    </td>
  );
}

/** What failed, and where less did, the slowest. */
function Worst({ packets, startMs }: { packets: PacketsView; startMs: number }) {
  const slow = packets.slowest.filter(({ failed }) => !failed);
  const told = [...packets.failed, ...slow].slice(0, MOST_TOLD);
  return (
    <td className="exchanges apart number">
      {told.map((exchange, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: exchanges have no identity beyond their place
        <span className="exchange" key={index}>
          <span className={exchange.failed ? "is-missed" : "muted"}>
            {exchange.failed ? `failed${exchange.code === null ? "" : ` ${exchange.code}`}` : "slow"}
          </span>{" "}
          {exchange.query ?? exchange.protocol ?? "request"}
          {exchange.server !== null && ` at ${exchange.server}`}
          <span className="muted">
            {" "}
            {exchange.duration_ms === null ? "no answer" : formatMs(exchange.duration_ms)}, after{" "}
            {formatDelay(exchange.at_ms - startMs)}
          </span>
        </span>
      ))}
    </td>
  );
}
