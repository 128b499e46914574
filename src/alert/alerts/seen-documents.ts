/** Ranks of severity of documents that met a condition, so that one which is told again opens no alert anew. */
export type SeenDocuments = {
  /** True where the document met the rule's condition before, and was as bad. */
  covers(rule: string, document: string | undefined, rank: number): boolean;
  note(rule: string, document: string | undefined, rank: number): void;
};

const MOST = 20_000;

/** Remembers the newest 20,000. */
export function createSeenDocuments(): SeenDocuments {
  const ranks = new Map<string, number>();
  return {
    covers(rule, document, rank) {
      return document !== undefined && (ranks.get(`${rule}\n${document}`) ?? -1) >= rank;
    },
    note(rule, document, rank) {
      if (document === undefined) return;
      const key = `${rule}\n${document}`;
      const worst = Math.max(rank, ranks.get(key) ?? -1);
      ranks.delete(key);
      ranks.set(key, worst);
      if (ranks.size <= MOST) return;
      for (const oldest of ranks.keys()) {
        ranks.delete(oldest);
        break;
      }
    },
  };
}
