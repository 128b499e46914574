/** Tells every server of the program that a dashboard, a panel or a search was saved or deleted. */
export type SavedNews = {
  tell(): void;
  /** For as long as the program runs. */
  listen(listener: () => void): void;
};

export function createSavedNews(): SavedNews {
  const listeners: (() => void)[] = [];
  return {
    tell() {
      for (const listener of listeners) listener();
    },
    listen(listener) {
      listeners.push(listener);
    },
  };
}
