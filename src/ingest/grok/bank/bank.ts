import { basicPatterns } from "./basic.ts";
import { serverPatterns } from "./servers.ts";
import { systemPatterns } from "./system.ts";
import { timePatterns } from "./times.ts";

/** The patterns that every grok processor knows, by name. Its own `pattern_definitions` come before them. */
export const standardPatterns: Readonly<Record<string, string>> = {
  ...basicPatterns,
  ...timePatterns,
  ...systemPatterns,
  ...serverPatterns,
};
