import type { MetricSource } from "./metric-source.ts";

const measured = (...names: readonly string[]) => ({ terms: { measurement_name: names } });
const ofOneCore = {
  bool: { filter: [{ exists: { field: "tag.cpu" } }], must_not: [{ match_phrase: { "tag.cpu": "cpu-total" } }] },
};

/**
 * Telegraf's inputs cpu, mem, system, net, disk and procstat, as its Elasticsearch output writes them: the fields below
 * the measurement's name, the tags below `tag`. Percentages are 0 to 100. Busy is what neither idles nor waits for
 * disks, and used memory what is not available, so that both are the same as Metricbeat's.
 */
export const telegraf: MetricSource = {
  shipper: "telegraf",
  indices: "telegraf*,metrics-telegraf*",
  host: "tag.host",
  gauges: {
    of: { bool: { filter: [measured("cpu", "mem", "system")], must_not: [ofOneCore] } },
    rows: [
      {
        figure: "cpu_share",
        parts: [
          { field: "cpu.usage_idle", scale: -0.01 },
          { field: "cpu.usage_iowait", scale: -0.01 },
        ],
        offset: 1,
      },
      { figure: "iowait_share", parts: [{ field: "cpu.usage_iowait", scale: 0.01 }] },
      { figure: "memory_share", parts: [{ field: "mem.available_percent", scale: -0.01 }], offset: 1 },
      { figure: "memory_share", parts: [{ field: "mem.used_percent", scale: 0.01 }] },
      { figure: "load_1", parts: [{ field: "system.load1" }] },
    ],
    cores: ["system.n_cpus"],
  },
  network: { of: measured("net"), key: "tag.interface", in: "net.bytes_recv", out: "net.bytes_sent" },
  filesystems: {
    of: measured("disk"),
    key: "tag.path",
    used: { parts: [{ field: "disk.used_percent", scale: 0.01 }] },
    total: "disk.total",
  },
  // 100 is one core.
  processes: {
    of: measured("procstat"),
    key: "tag.process_name",
    cpu: { parts: [{ field: "procstat.cpu_usage", scale: 0.01 }] },
    memory: "procstat.memory_rss",
  },
};
