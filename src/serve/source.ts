import type { CheckAnswer, HealthView, LiveEvents, NetworkView, NodeView } from "./views.ts";

/** What the server asks the running program for; everything else it answers comes from the store. */
export type Source = {
  /** Undefined until a node has told its network. */
  network(): NetworkView | undefined;
  nodes(): readonly NodeView[];
  health(): HealthView;
  check(): CheckAnswer;
  /** Begins a check where none is being made and none was just made; answers how things stand then. */
  beginCheck(): CheckAnswer;
};

/** What the metrics are read from. */
export type MeasuredSource = Pick<Source, "network" | "nodes" | "health">;

type PublishedEvent = Exclude<keyof LiveEvents, "reset">;

/** One change as the program publishes it; `reset` is the server's own word to a reader. */
export type LiveItem = { [E in PublishedEvent]: { event: E; data: LiveEvents[E] } }[PublishedEvent];
