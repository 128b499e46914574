/** A number of `config/spec` or genesis: decimal digits or a plain integer, up to 2^53 - 1; anything else is undefined. */
export function unsigned(value: unknown): number | undefined {
  const number = typeof value === "string" && /^\d{1,20}$/.test(value) ? Number(value) : value;
  return typeof number === "number" && Number.isSafeInteger(number) && number >= 0 ? number : undefined;
}
