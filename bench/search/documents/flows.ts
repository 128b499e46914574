import { type JsonObject, type Moment, rootOf } from "./day.ts";
import { beatFields, type Host } from "./hosts.ts";

/** So many peers are talked to, a few of them far more than the others. */
const PEERS = 20_000;
const PORTS = [9000, 9000, 9000, 13_000, 30_303, 30_303, 9001, 443, 53, 123];
const LONGEST_NS = 60_000_000_000;

/** A flow as Packetbeat reports it. */
export function flow(moment: Moment, host: Host): JsonObject {
  const { random, slot, at, number } = moment;
  const peer = Math.floor(PEERS * random.next() ** 3);
  const peerIp = `${20 + (peer % 180)}.${(peer * 7) % 256}.${Math.floor(peer / 180) % 256}.${(peer * 13) % 254}`;
  const isUdp = random.chance(0.35);
  const isIncoming = random.chance(0.5);
  const packets = Math.ceil(isUdp ? 1 + 20 * random.next() : 2 + 600 * random.next() ** 4);
  const bytes = packets * random.integer(70, isUdp ? 400 : 1400);
  const own = Math.floor(bytes * random.next());
  const port = random.pick(PORTS);
  const ends = [
    { ip: host.ip, port: isIncoming ? port : random.integer(32_768, 60_999), bytes: own, packets: packets - 1 },
    { ip: peerIp, port: isIncoming ? random.integer(1_024, 60_999) : port, bytes: bytes - own, packets: 1 },
  ];
  const [source, destination] = isIncoming ? ends.toReversed() : ends;
  return {
    "@timestamp": at,
    ...beatFields("packetbeat", host),
    type: "flow",
    event: {
      action: "network_flow",
      category: ["network"],
      dataset: "flow",
      duration: Math.floor(LONGEST_NS * random.next() ** 3),
      kind: "event",
      type: ["connection"],
    },
    flow: { id: `EQwA${rootOf(slot).slice(2, 10)}${number}`, final: random.chance(0.7) },
    network: {
      bytes,
      packets,
      type: "ipv4",
      transport: isUdp ? "udp" : "tcp",
      direction: isIncoming ? "ingress" : "egress",
      community_id: `1:${rootOf(number).slice(2, 30)}=`,
    },
    source,
    destination,
    ethereum: moment.ethereum,
  };
}
