/** Ids of watches and of their actions have no white space. */
export function isWatchId(id: string): boolean {
  return /^\S+$/.test(id);
}
