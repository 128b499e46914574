/** The end of the year 9999, the last moment of four-digit years, Unix milliseconds. */
export const MAX_UNIX_MS = 253_402_300_799_999;

/** Unix milliseconds with a fraction as an ISO string with microseconds; moments beyond the year 9999 as its end. */
export function isoOfMs(ms: number): string {
  const us = Math.round(Math.min(ms, MAX_UNIX_MS) * 1000);
  const wholeMs = Math.floor(us / 1000);
  return new Date(wholeMs).toISOString().replace("Z", `${String(us - wholeMs * 1000).padStart(3, "0")}Z`);
}
