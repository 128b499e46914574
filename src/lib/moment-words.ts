/** A moment to the second: `2026-11-28T03:12:11Z`. */
export function isoSeconds(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}

/** The same in a sentence: `2026-11-28 03:12:11 UTC`. */
export function utcWords(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19).replace("T", " ")} UTC`;
}
