import { type Chosen, NETWORK_PLACEHOLDER, type Panel, VARIABLES } from "../../../src/panels/panel.ts";

/** "Not narrowed by node.", where something is chosen that does not touch the panel. */
export function narrowingWords(panel: Pick<Panel, "request" | "variables">, chosen: Chosen): string | undefined {
  const untouched = VARIABLES.filter(
    (variable) =>
      (chosen[variable] ?? []).length > 0 &&
      panel.variables[variable] === undefined &&
      !(variable === "network" && panel.request.index.includes(NETWORK_PLACEHOLDER)),
  );
  return untouched.length === 0 ? undefined : `Not narrowed by ${untouched.join(" or ")}.`;
}
