import type { JsonObject } from "./day.ts";

/** A server with a consensus and an execution client. */
export type Host = { number: number; name: string; consensus: string; execution: string; cores: number; ip: string };

export const HOSTS: readonly Host[] = [
  ["lighthouse", "geth", 16],
  ["prysm", "nethermind", 8],
  ["teku", "besu", 8],
  ["nimbus", "erigon", 4],
  ["lodestar", "reth", 12],
].map(([consensus, execution, cores], number) => ({
  number,
  name: `node-${number + 1}.example.org`,
  consensus: String(consensus),
  execution: String(execution),
  cores: Number(cores),
  ip: `10.20.0.${number + 11}`,
}));

export type BeatName = "metricbeat" | "filebeat" | "packetbeat";
export const BEAT_VERSION = "9.2.0";

/** What a Beat with `add_host_metadata` adds to every document. */
export function beatFields(beat: BeatName, host: Host): JsonObject {
  return fieldsOf[beat][host.number] ?? {};
}

const id = (kind: number, host: Host) => `6ff14ac5-c923-4fc1-8c${kind}${host.number}-41d76598cd77`;

function madeFor(beat: BeatName, kind: number): readonly JsonObject[] {
  return HOSTS.map((host) => ({
    ecs: { version: "8.0.0" },
    agent: { ephemeral_id: id(kind, host), id: id(kind + 3, host), name: host.name, type: beat, version: BEAT_VERSION },
    host: {
      name: host.name,
      hostname: host.name,
      id: `a6a19d57efcf4bf38705c63217a63b0${host.number}`,
      architecture: "x86_64",
      containerized: false,
      ip: [host.ip, `fe80::a00:27ff:fed5:9d${host.number}a`],
      mac: [`08-00-27-D5-9D-${host.number}A`],
      os: {
        family: "debian",
        kernel: "6.12.48+deb13-amd64",
        name: "Debian GNU/Linux",
        platform: "debian",
        type: "linux",
        version: "13 (trixie)",
      },
    },
  }));
}

const fieldsOf = {
  metricbeat: madeFor("metricbeat", 1),
  filebeat: madeFor("filebeat", 2),
  packetbeat: madeFor("packetbeat", 3),
};
