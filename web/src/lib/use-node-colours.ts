import { useMemo, useSyncExternalStore } from "react";
import { resolvedColour } from "../charts/colours.ts";
import type { LiveView } from "./live-store.ts";
import { useMonitor } from "./monitor.tsx";
import { nodeColours } from "./node-colours.ts";
import type { Theme } from "./theme.ts";

/** The colours of the nodes and clients that are watched, in the theme in force. */
export function useNodeColours(theme: Theme): Readonly<Record<string, string>> {
  const { store } = useMonitor();
  // The nodes change with every event; who they are does not.
  const names = useSyncExternalStore(store.subscribe, () => namesOf(store.get()));
  // biome-ignore lint/correctness/useExhaustiveDependencies: the theme is what the colours are resolved in
  return useMemo(() => {
    const nodes = JSON.parse(names) as { name: string; client: string | null }[];
    return Object.fromEntries(
      Object.entries(nodeColours(nodes)).map(([name, colour]) => [name, resolvedColour(colour)]),
    );
  }, [names, theme]);
}

function namesOf({ state }: LiveView): string {
  return JSON.stringify([...state.nodes.values()].map(({ name, client }) => ({ name, client })));
}
