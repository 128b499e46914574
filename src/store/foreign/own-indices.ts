/** Names of our own data streams and indices, which nobody writes to from outside. */
export function isOwnIndex(name: string): boolean {
  return /^(?:logs-ethereum\.[^-]*-|ethmon-)/.test(name);
}
