/** Where watches and silences that people make are kept. */
export type Shelf = {
  list(kind: ShelfKind, signal: AbortSignal): Promise<readonly { id: string; content: unknown }[]>;
  /** Durable and found when it resolves. */
  put(object: { kind: ShelfKind; id: string; title: string; content: unknown }, signal: AbortSignal): Promise<void>;
  remove(object: { kind: ShelfKind; id: string }, signal: AbortSignal): Promise<void>;
};

export type ShelfKind = "watch" | "silence";
