import { around, isBadSlot, type JsonObject, type Moment, rounded } from "./day.ts";
import { beatFields, type Host } from "./hosts.ts";

/** What is sent of a host in each period: more processes than all else. */
const METRICSETS = ["cpu", "process", "memory", "process", "network", "process", "load", "process"] as const;
const PROCESSES = ["consensus", "execution", "validator-client", "node_exporter", "systemd", "sshd", "chronyd"];
const GIGABYTE = 2 ** 30;
const PERIOD_MS = 10_000;

/** A document as Metricbeat's module `system` sends it. */
export function metric(moment: Moment, host: Host, turn: number): JsonObject {
  const metricset = METRICSETS[turn % METRICSETS.length] ?? "cpu";
  return {
    "@timestamp": moment.at,
    ...beatFields("metricbeat", host),
    event: { dataset: `system.${metricset}`, duration: moment.random.integer(80_000, 900_000), module: "system" },
    metricset: { name: metricset, period: PERIOD_MS },
    service: { type: "system" },
    ethereum: moment.ethereum,
    ...MAKERS[metricset](moment, host),
  };
}

const MAKERS = { cpu, memory, network, load, process: processes };

function busyShare({ random, slot, atMs }: Moment, host: Host): number {
  if (isBadSlot(slot, host.number)) return Math.min(1, around(random, 0.96, 0.04));
  const hourly = Math.sin(atMs / 3_600_000 + host.number) * 0.08;
  return Math.min(0.94, Math.max(0.02, around(random, 0.35 + hourly, 0.2)));
}

function cpu(moment: Moment, host: Host): JsonObject {
  const busy = busyShare(moment, host);
  const share = (part: number) => {
    const norm = rounded(busy * part, 4);
    return { norm: { pct: norm }, pct: rounded(norm * host.cores, 4), ticks: Math.floor(moment.atMs / 50) };
  };
  const idle = 1 - busy;
  return {
    system: {
      cpu: {
        cores: host.cores,
        idle: { norm: { pct: rounded(idle, 4) }, pct: rounded(idle * host.cores, 4), ticks: moment.number },
        iowait: share(0.06),
        irq: share(0.01),
        nice: share(0.002),
        softirq: share(0.02),
        steal: { norm: { pct: 0 }, pct: 0, ticks: 0 },
        system: share(0.2),
        total: { norm: { pct: rounded(busy, 4) }, pct: rounded(busy * host.cores, 4) },
        user: share(0.7),
      },
    },
  };
}

function memory({ random }: Moment, host: Host): JsonObject {
  const total = host.cores * 4 * GIGABYTE;
  const used = Math.floor(total * Math.min(0.99, around(random, 0.6 + host.number / 20, 0.08)));
  const cached = Math.floor((total - used) * 0.8);
  return {
    system: {
      memory: {
        actual: { free: total - used, used: { bytes: used, pct: rounded(used / total, 4) } },
        cached,
        free: total - used - cached,
        swap: { free: 8_589_930_496, total: 8_589_930_496, used: { bytes: 0, pct: 0 } },
        total,
        used: { bytes: used + cached, pct: rounded((used + cached) / total, 4) },
      },
    },
  };
}

function network({ random, atMs }: Moment, host: Host): JsonObject {
  const bytes = Math.floor(atMs / 3) * (host.number + 2) + random.integer(0, 500_000);
  const counter = (share: number) => ({
    bytes: Math.floor(bytes * share),
    dropped: random.chance(0.01) ? random.integer(1, 90) : 0,
    errors: 0,
    packets: Math.floor((bytes * share) / 700),
  });
  return { system: { network: { name: random.pick(["eth0", "eth0", "lo"]), in: counter(1), out: counter(1.4) } } };
}

function load({ random }: Moment, host: Host): JsonObject {
  const [one, five, fifteen] = [1.5, 0.8, 0.4].map((spread) =>
    rounded(around(random, host.cores * 0.35, spread * 2), 2),
  );
  const norm = (value = 0) => rounded(value / host.cores, 4);
  return {
    system: {
      load: {
        "1": one,
        "5": five,
        "15": fifteen,
        cores: host.cores,
        norm: { "1": norm(one), "5": norm(five), "15": norm(fifteen) },
      },
    },
  };
}

function processes(moment: Moment, host: Host): JsonObject {
  const { random, atMs } = moment;
  const place = random.integer(0, PROCESSES.length - 1);
  const kind = PROCESSES[place] ?? "";
  const name = kind === "consensus" ? host.consensus : kind === "execution" ? host.execution : kind;
  const isClient = place < 2;
  const busy = rounded(isClient ? busyShare(moment, host) * 0.6 : random.next() * 0.01, 4);
  const rss = Math.floor((isClient ? around(random, 6, 2) : around(random, 0.05, 0.02)) * GIGABYTE);
  const pid = 1000 + place * 37 + host.number;
  const commandLine = `/usr/local/bin/${name} --datadir /data/${name} --network mainnet --metrics`;
  return {
    process: {
      args: commandLine.split(" "),
      command_line: commandLine,
      cpu: { pct: busy, start_time: "2026-08-01T03:13:18.000Z" },
      executable: `/usr/local/bin/${name}`,
      memory: { pct: rounded(rss / (host.cores * 4 * GIGABYTE), 4) },
      name,
      parent: { pid: 1 },
      pgid: pid,
      pid,
      state: random.pick(["sleeping", "sleeping", "running"]),
      working_directory: `/data/${name}`,
    },
    user: { name: isClient ? "ethereum" : "root" },
    system: {
      process: {
        cgroup: {
          cgroups_version: 2,
          id: `${name}.service`,
          path: `/system.slice/${name}.service`,
          cpu: { stats: { periods: 0, throttled: { periods: 0, us: 0 }, usage: { ns: atMs * 900 } } },
          memory: { mem: { usage: { bytes: rss + random.integer(0, 90_000_000) } }, memsw: { usage: { bytes: 0 } } },
        },
        cmdline: commandLine,
        cpu: {
          start_time: "2026-08-01T03:13:18.000Z",
          system: { ticks: Math.floor(atMs / 400) },
          total: { norm: { pct: busy }, pct: rounded(busy * host.cores, 4), ticks: Math.floor(atMs / 100) },
          user: { ticks: Math.floor(atMs / 130) },
        },
        fd: { limit: { hard: 524_288, soft: 524_288 }, open: random.integer(10, 900) },
        io: { read_bytes: random.integer(0, 10 ** 9), write_bytes: random.integer(0, 10 ** 9) },
        memory: { rss: { bytes: rss, pct: rounded(rss / (64 * GIGABYTE), 4) }, share: 16_252_928, size: rss * 3 },
        num_threads: isClient ? random.integer(30, 90) : random.integer(1, 9),
        state: "sleeping",
      },
    },
  };
}
