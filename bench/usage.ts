import { readFileSync } from "node:fs";

const CLOCK_TICKS_A_SECOND = 100;

/** A process and those that it started, whose file they run is told by the names. */
export function processTree(pid: number): number[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(/\s+/).filter(Boolean);
  return [pid, ...children.flatMap((child) => processTree(Number(child)))];
}

/** Resident megabytes, now and at most, and seconds of CPU (user and system) of a running process; Linux alone has them. */
export function usageOf(pid: number): { residentMegabytes: number; peakMegabytes: number; cpuSeconds: number } {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return {
    residentMegabytes: Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1000,
    peakMegabytes: Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1000,
    cpuSeconds: (Number(fields[11]) + Number(fields[12])) / CLOCK_TICKS_A_SECOND,
  };
}

/** Of all processes of a program: resident megabytes, now and each at its most, and seconds of CPU so far. */
export type Usage = { nowMb: number; peakMb: number; cpuSeconds: number };

export function usageOfTree(pid: number): Usage {
  const used = processTree(pid).map(usageOf);
  return {
    nowMb: Math.round(used.reduce((sum, { residentMegabytes }) => sum + residentMegabytes, 0)),
    peakMb: Math.round(used.reduce((sum, { peakMegabytes }) => sum + peakMegabytes, 0)),
    cpuSeconds: used.reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0),
  };
}
