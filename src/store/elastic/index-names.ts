/** Patterns for all of our indices of a network, with the names of those of others behind. */
export function indexNames(network: string, others: readonly { name: string }[] = []): string[] {
  return [`logs-*-${network}`, `ethmon-*-${network}`, ...others.map(({ name }) => name)];
}

/** Whether it stands for indices of ours; those of others are always named. */
export function isPattern(name: string): boolean {
  return name.includes("*");
}
