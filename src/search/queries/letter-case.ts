/** `case_insensitive` in Elasticsearch is about the letters of ASCII alone. */
const UPPER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const LOWER = UPPER.toLowerCase();

export function asciiLower(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}

export function asciiLowerSql(sql: string): string {
  return `translate(${sql}, '${UPPER}', '${LOWER}')`;
}
