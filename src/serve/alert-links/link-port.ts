import type { LinkDeed } from "../../alert/send/links.ts";

/** What stands behind the links of messages. */
export type AlertLinks = {
  /** What a token allows. Throws `link_invalid`, `link_expired`. */
  read(token: string): LinkDeed;
  /** Durable when it resolves. */
  unsubscribe(entry: { address: string; rule: string }): Promise<void>;
};
