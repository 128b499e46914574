/**
 * The path of a module beside the caller's, with the caller's own ending: `.ts` in a checkout, `.js` when built.
 * For child processes and threads, whose entry is a path and not an import.
 */
export function siblingModule(callerUrl: string, name: string): URL {
  return new URL(`./${name}${callerUrl.endsWith(".ts") ? ".ts" : ".js"}`, callerUrl);
}
