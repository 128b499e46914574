import type { BenchDocument, Day, JsonObject, Moment } from "../search/documents/day.ts";
import { momentOf } from "../search/documents/day.ts";
import { BEAT_VERSION, type BeatName, beatFields, HOSTS, type Host } from "../search/documents/hosts.ts";
import { mixedDocument } from "../search/documents/mix.ts";

/** One document in so many is of a kind that the mix of the other bench lacks. */
const RARER = 10;

type Maker = (moment: Moment, host: Host) => { beat: BeatName; dataset: string; fields: JsonObject };

/** What the servers send: the mix of `bench search`, and disks, names, HTTP and pings beside it. */
export function serverDocument(day: Day, number: number): BenchDocument {
  if (number % RARER > 0) return mixedDocument(day, number);
  const moment = momentOf(day, number);
  const turn = number / RARER;
  const host = HOSTS[turn % HOSTS.length] as Host;
  const make = MAKERS[Math.floor(turn / HOSTS.length) % MAKERS.length] as Maker;
  const { beat, dataset, fields } = make(moment, host);
  const source = {
    "@timestamp": moment.at,
    ...beatFields(beat, host),
    ethereum: moment.ethereum,
    ...fields,
    event: { dataset, ...(fields["event"] as JsonObject | undefined) },
  };
  return { index: `${beat}-${BEAT_VERSION}`, source };
}

const filesystem: Maker = ({ random }, host) => ({
  beat: "metricbeat",
  dataset: "system.filesystem",
  fields: {
    system: {
      filesystem: {
        mount_point: random.pick(["/", "/data", "/boot"]),
        used: { pct: Number((0.4 + host.number / 10 + random.next() / 100).toFixed(3)) },
        total: 2e12,
      },
    },
  },
});

const diskio: Maker = ({ atMs }, host) => ({
  beat: "metricbeat",
  dataset: "system.diskio",
  fields: {
    system: {
      diskio: {
        name: "nvme0n1",
        read: { bytes: atMs * (host.number + 1) },
        write: { bytes: atMs * 9 * (host.number + 1) },
      },
    },
  },
});

/** A request with its answer; one in some tens fails. */
function exchange(dataset: string, more: (moment: Moment, failed: boolean) => JsonObject): Maker {
  return (moment) => {
    const { random } = moment;
    const failed = random.chance(0.03);
    return {
      beat: "packetbeat",
      dataset,
      fields: {
        type: dataset,
        status: failed ? "Error" : "OK",
        destination: { ip: `10.20.0.${random.integer(11, 40)}`, port: 53 },
        event: { duration: Math.floor(200_000 + 40_000_000 * random.next() ** 4), kind: "event" },
        ...more(moment, failed),
      },
    };
  };
}

const MAKERS: readonly Maker[] = [
  filesystem,
  diskio,
  exchange("dns", (_, failed) => ({ dns: { response_code: failed ? "NXDOMAIN" : "NOERROR" } })),
  exchange("http", (_, failed) => ({ http: { response: { status_code: failed ? 503 : 200 } } })),
  exchange("icmp", () => ({ icmp: { version: 4 } })),
];
