import type { NodeSlotRecord } from "../../../src/events/derived.ts";
import type { HostsAnswer, NetworkView } from "../../../src/serve/views.ts";
import { HostBand } from "../charts/host-band.tsx";
import { formatDelay } from "../lib/format.ts";
import { anyCame, formatBytes, formatPercent } from "../lib/host-words.ts";
import { slotStartMs } from "../lib/slot-clock.ts";
import type { Stored } from "../lib/use-stored.ts";
import { HostLines } from "./host-lines.tsx";
import { HostPackets } from "./host-packets.tsx";
import { HowToSend } from "./how-to-send.tsx";
import { LineMark } from "./line-mark.tsx";
import { Headings, OpenTable } from "./open-table.tsx";
import { Panel } from "./panel.tsx";

const FIGURES = ["CPU", "Memory", "Received", "Sent"];

/** The nodes' servers around a slot, beside the chain's events. */
export function HostBandPanel(props: {
  stored: Stored<HostsAnswer>;
  network: NetworkView;
  slot: number;
  records: readonly NodeSlotRecord[];
}) {
  const { stored, network, slot, records } = props;
  const startMs = slotStartMs(network, slot);
  const came = stored.kind === "ready" && anyCame(stored.answer);
  return (
    <>
      <Panel
        title="The servers, on the same axis"
        hint="A dot is a sample, which tells of the time since the one before; CPU and memory reach from none to all, bytes have one scale over all servers. A square is a CPU in nearly full use."
        className="host-band"
      >
        {stored.kind === "loading" && <p className="empty">Being read.</p>}
        {stored.kind === "failed" && <p className="empty">{stored.sentence} The page tries again by itself.</p>}
        {stored.kind === "ready" && !came && <HowToSend when="around this slot" />}
        {stored.kind === "ready" && came && (
          <>
            <HostBand network={network} slot={slot} records={records} answer={stored.answer} />
            <BandKey />
            <OpenTable
              label="The servers around the slot"
              head={<Headings first="Server" figures={["After", ...FIGURES]} />}
              rows={() => sampleRows(stored.answer, startMs)}
            />
          </>
        )}
      </Panel>
      {stored.kind === "ready" && came && (
        <>
          <HostLines answer={stored.answer} startMs={startMs} />
          <HostPackets answer={stored.answer} startMs={startMs} />
        </>
      )}
    </>
  );
}

function BandKey() {
  return (
    <ul className="key" aria-label="Key to the lines">
      <li>
        <LineMark error />
        error line
      </li>
      <li>
        <LineMark error={false} />
        warning
      </li>
    </ul>
  );
}

function sampleRows({ nodes }: HostsAnswer, startMs: number) {
  return nodes.flatMap(({ node, hosts }) =>
    hosts.flatMap(({ host, shipper, points }) =>
      points.map((point) => (
        <tr key={`${node} ${host} ${shipper} ${point.at_ms}`}>
          <th scope="row">
            <span className="number">{node}</span>
            <span className="sub">{host}</span>
          </th>
          {[
            formatDelay(point.at_ms - startMs),
            point.cpu_share === null ? "–" : formatPercent(point.cpu_share),
            point.memory_share === null ? "–" : formatPercent(point.memory_share),
            point.in_bytes_per_s === null ? "–" : `${formatBytes(point.in_bytes_per_s)}/s`,
            point.out_bytes_per_s === null ? "–" : `${formatBytes(point.out_bytes_per_s)}/s`,
          ].map((text, column) => (
            <td className="right number" key={["After", ...FIGURES][column]}>
              {text}
            </td>
          ))}
        </tr>
      )),
    ),
  );
}
