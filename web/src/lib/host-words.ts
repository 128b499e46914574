import type { HostsAnswer, HostView, LogLine, NodeHosts } from "../../../src/serve/views.ts";

/** `4 %`, `0.4 %`, `100 %`. */
export function formatPercent(share: number): string {
  const percent = 100 * share;
  return `${percent > 0 && percent < 1 ? percent.toFixed(1) : Math.round(percent)} %`;
}

const UNITS = ["B", "kB", "MB", "GB", "TB"] as const;

/** Decimal units, three digits: `12.4 MB`. */
export function formatBytes(bytes: number): string {
  const step = Math.max(0, Math.min(UNITS.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3)));
  const value = bytes / 1000 ** step;
  return `${step === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${UNITS[step]}`;
}

export function formatMs(ms: number): string {
  return ms >= 1000 ? `${(ms / 1000).toFixed(2)} s` : `${ms >= 10 ? Math.round(ms) : ms.toFixed(1)} ms`;
}

/** Whether anything came of the servers of any node. */
export function anyCame({ nodes }: HostsAnswer): boolean {
  return nodes.some(somethingCame);
}

export function somethingCame({ hosts, packets, lines }: NodeHosts): boolean {
  return hosts.length > 0 || packets !== null || lines !== null;
}

/** What a node's servers lack: `no packets and no log lines came`. */
export function missingWords({ hosts, packets, lines }: NodeHosts): string | undefined {
  const missing = [
    ...(hosts.length === 0 ? ["no figures"] : []),
    ...(packets === null ? ["no packets"] : []),
    ...(lines === null ? ["no log lines"] : []),
  ];
  if (missing.length === 0) return undefined;
  return `${[missing.slice(0, -1).join(", "), missing.at(-1)].filter(Boolean).join(" and ")} came`;
}

/** Processors in use beyond which a server is told as short of them, and shares of memory and disk likewise. */
const FULL = { cpu_share: 0.9, memory_share: 0.92, disk: 0.9 } as const;

export function isFull(what: keyof typeof FULL, share: number | null | undefined): boolean {
  return share !== null && share !== undefined && share >= FULL[what];
}

/** The fullest file system; the API has it first. */
export function fullestOf(host: HostView): HostView["filesystems"][number] | undefined {
  return host.filesystems[0];
}

export function isError({ level, error_type }: LogLine): boolean {
  return level === null ? error_type !== null : !/^warn/i.test(level);
}
