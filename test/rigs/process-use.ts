import { readFileSync } from "node:fs";

/** What a process of this machine used: its threads' time on processors, in the kernel's ticks, and memory. Linux alone. */
export function processUse(pid: number): { cpuTicks: number; peakBytes: number } {
  // The name of the program stands in parentheses and may hold anything.
  const [, fields = ""] = /\)\s(.*)$/s.exec(readFileSync(`/proc/${pid}/stat`, "utf8")) ?? [];
  const [userTicks, systemTicks] = fields.split(" ").slice(11, 13);
  const [, peakKiB] = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
  return { cpuTicks: Number(userTicks) + Number(systemTicks), peakBytes: Number(peakKiB) * 1024 };
}
