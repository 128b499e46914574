/** A value as the database gives it: 64-bit integers are bigints, dates microseconds, JSON is text. */
export type SqlResult = string | number | bigint | boolean | null | readonly SqlResult[];

/** A number where it is exact, else the decimal text. */
export function safeInteger(value: bigint): number | string {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : String(value);
}
