import type { MetricSource } from "./metric-source.ts";

const dataset = (...names: readonly string[]) => ({ terms: { "event.dataset": names } });

/**
 * Metricbeat's module `system`, each metricset with a dataset of its name. `.pct` is a fraction, `.norm.pct` one of all
 * cores; its `total` leaves out idling and waiting for disks.
 */
export const metricbeat: MetricSource = {
  shipper: "metricbeat",
  indices: "metricbeat-*,metrics-system.*",
  host: "host.name",
  gauges: {
    of: dataset("system.cpu", "system.memory", "system.load"),
    rows: [
      { figure: "cpu_share", parts: [{ field: "system.cpu.total.norm.pct" }] },
      { figure: "cpu_share", parts: [{ field: "host.cpu.usage" }] },
      { figure: "iowait_share", parts: [{ field: "system.cpu.iowait.norm.pct" }] },
      { figure: "memory_share", parts: [{ field: "system.memory.actual.used.pct" }] },
      { figure: "memory_share", parts: [{ field: "system.memory.used.pct" }] },
      { figure: "load_1", parts: [{ field: "system.load.1" }] },
    ],
    cores: ["system.cpu.cores", "system.load.cores"],
  },
  network: {
    of: dataset("system.network"),
    key: "system.network.name",
    in: "system.network.in.bytes",
    out: "system.network.out.bytes",
  },
  filesystems: {
    of: dataset("system.filesystem"),
    key: "system.filesystem.mount_point",
    used: { parts: [{ field: "system.filesystem.used.pct" }] },
    total: "system.filesystem.total",
  },
  // Without `norm` 1 is one core.
  processes: {
    of: dataset("system.process"),
    key: "process.name",
    cpu: { parts: [{ field: "system.process.cpu.total.pct" }] },
    memory: "system.process.memory.rss.bytes",
  },
};
