import type { ChannelView } from "../desk.ts";
import type { ActionKind } from "../watch.ts";
import { type Channel, createChannel, type Way } from "./channel.ts";
import type { Sender } from "./sender.ts";

/** The channels that messages went to, and those that are configured. */
export type ChannelBook = {
  channelOf(way: Way): Channel;
  all(): Iterable<Channel>;
  state(): ChannelView[];
};

/** Templates may name ever new places: the quietest is forgotten for a new one. */
const MAX_CHANNELS = 256;

export function createChannelBook(input: {
  senders: Readonly<Record<ActionKind, Sender>>;
  known: readonly Pick<ChannelView, "kind" | "name" | "configured">[];
  stormPerMinute: number;
  random: () => number;
}): ChannelBook {
  const { senders, known, stormPerMinute, random } = input;
  const channels = new Map<string, Channel>();
  return {
    channelOf({ kind, content }) {
      const sender = senders[kind];
      const name = sender.place(content);
      const to = sender.recipients?.(content) ?? [];
      const key = [kind, name, ...to].join(" ");
      const found = channels.get(key);
      if (found !== undefined) return found;
      if (channels.size >= MAX_CHANNELS) {
        const quiet = [...channels].find(([, channel]) => channel.state().waiting === 0)?.[0];
        if (quiet !== undefined) channels.delete(quiet);
      }
      const channel = createChannel({ kind, name, to, atOnce: sender.atOnce(content), stormPerMinute, random });
      channels.set(key, channel);
      return channel;
    },
    all: () => channels.values(),
    state() {
      const told = [...channels.values()].map((channel) => ({ ...channel.state(), configured: true }));
      const quiet = known.filter(({ kind, name }) => !told.some((one) => one.kind === kind && one.name === name));
      return [...quiet.map((one) => ({ ...NOTHING_SENT, ...one })), ...told];
    },
  };
}

const NOTHING_SENT = {
  delivered: 0,
  failed: 0,
  waiting: 0,
  last_failure: null,
  last_failure_ms: null,
  failing_since_ms: null,
};
