/** Orders texts by their letters' numbers, as roots and names are ordered everywhere; for `sort`. */
export function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
