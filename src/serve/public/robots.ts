/** What crawlers may read: the pages of a public monitor, never what they ask for, and nothing of any other. */
export function robotsText(isPublic: boolean): string {
  return `User-agent: *\n${isPublic ? "Disallow: /api/\nDisallow: /metrics" : "Disallow: /"}\n`;
}
