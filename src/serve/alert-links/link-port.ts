/** What a signed link of a message may do. */
export type LinkDeed =
  | { kind: "acknowledge"; alert: string; by: string | null }
  /** No more mail of this rule to this address. */
  | { kind: "unsubscribe"; address: string; rule: string };

/** What stands behind the links of messages. */
export type AlertLinks = {
  /** What a token allows. Throws `link_invalid`, `link_expired`. */
  read(token: string): LinkDeed;
  /** Durable when it resolves. */
  unsubscribe(entry: { address: string; rule: string }): Promise<void>;
};
