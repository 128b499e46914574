import type { GapRecord, StreamRecord } from "../events/derived.ts";
import type { GapCause, StreamEnvelope } from "../events/envelope.ts";

export type Gaps = {
  noteStream(envelope: StreamEnvelope): void;
  /** An event arrived: a node whose stream was never told of is up, and a silence is over. */
  noteEvent(input: { node: string; receivedAtUs: number; headSlot: number | undefined }): void;
  /** The node's REST says where its head is; a stream that stays behind it is silent. */
  noteSyncing(input: { node: string; receivedAtUs: number; headSlot: number }): void;
  isUp(node: string): boolean;
  /** True when the node's stream is up, or was at some moment since then. */
  wasUpSince(node: string, sinceUs: number): boolean;
  /** True when the node's stream was up at a moment. */
  wasUpAt(node: string, atUs: number): boolean;
  /**
   * The node's newest block is one of long ago: its stream says nothing yet of what is later than `tellsUpToUs`;
   * undefined when the node is at the present. True when that is news.
   */
  noteLag(input: { node: string; tellsUpToUs: number | undefined }): boolean;
  /** The clock was set back: what began by the old clock after this moment begins now. */
  setBack(toUs: number): void;
  /** True when the node's stream was up from the one moment to the other. */
  wasUpThroughout(node: string, fromUs: number, toUs: number): boolean;
  /** True when any node's stream was up from the one moment to the other, and its node tells of that time. */
  wasUp(fromUs: number, toUs: number): boolean;
  /** The gaps between two moments, and how long they took of that time; an open one lasts. */
  missed(node: string, fromUs: number, toUs: number): { count: number; us: number };
  /** Every node that was heard of. */
  nodes(): string[];
  /** Closed gaps, and streams that went up or down, since the last call. */
  taken(): { gaps: GapRecord[]; streams: StreamRecord[] };
  /** The recording ends: what is open ends with it. */
  finish(nowUs: number): void;
  prune(beforeUs: number): void;
};

type NodeStream = {
  up: boolean;
  wasUp: boolean;
  upSpans: { fromUs: number; toUs: number }[];
  gap: { fromUs: number; cause: GapCause } | undefined;
  pastGaps: { fromUs: number; toUs: number }[];
  /** The last event, or the opening when there was none since. */
  heardUs: number;
  streamHeadSlot: number;
  behindSinceUs: number | undefined;
  tellsUpToUs: number;
};

/** The end of a span that lasts. */
const STILL_UP = Number.POSITIVE_INFINITY;

/**
 * The spans for which events of a node are missing. Time before genesis misses nothing.
 * A stream is silent when its node's head, by REST, went on for two slots of which the stream told nothing;
 * a frozen or cut off node does not move its head and so has no gap.
 */
export function createGaps(input: { genesisUs: number; slotUs: number }): Gaps {
  const { genesisUs, slotUs } = input;
  const nodes = new Map<string, NodeStream>();
  let closed: GapRecord[] = [];
  let changed = new Map<string, StreamRecord>();

  const streamOf = (node: string): NodeStream => {
    let stream = nodes.get(node);
    if (stream === undefined) {
      stream = {
        up: false,
        wasUp: false,
        upSpans: [],
        gap: undefined,
        pastGaps: [],
        heardUs: Number.NEGATIVE_INFINITY,
        streamHeadSlot: -1,
        behindSinceUs: undefined,
        tellsUpToUs: Number.POSITIVE_INFINITY,
      };
      nodes.set(node, stream);
    }
    return stream;
  };

  const endSpan = (stream: NodeStream, atUs: number) => {
    const span = stream.upSpans.at(-1);
    if (span !== undefined) span.toUs = Math.min(span.toUs, atUs);
  };

  const goUp = (node: string, stream: NodeStream, atUs: number) => {
    if (stream.up) return;
    stream.up = true;
    stream.heardUs = atUs;
    changed.set(node, { node, state: "up", since_ms: atUs / 1000, cause: null, never_up: undefined });
    stream.wasUp = true;
    stream.upSpans.push({ fromUs: atUs, toUs: STILL_UP });
  };

  const goDown = (node: string, stream: NodeStream, gap: { fromUs: number; cause: GapCause }) => {
    stream.gap ??= gap;
    stream.up = false;
    // What ends with the program began before it.
    stream.wasUp ||= gap.cause === "restart";
    const { fromUs, cause } = stream.gap;
    const never = stream.wasUp ? undefined : true;
    changed.set(node, { node, state: "down", since_ms: fromUs / 1000, cause, never_up: never });
    stream.behindSinceUs = undefined;
    endSpan(stream, gap.fromUs);
  };

  const closeGap = (node: string, stream: NodeStream, atUs: number) => {
    if (stream.gap === undefined) return;
    const fromUs = Math.max(stream.gap.fromUs, genesisUs);
    if (atUs > fromUs) {
      closed.push({ node, from_ms: fromUs / 1000, to_ms: atUs / 1000, cause: stream.gap.cause });
      stream.pastGaps.push({ fromUs, toUs: atUs });
    }
    stream.gap = undefined;
  };

  return {
    noteStream({ node, receivedAtUs, state, sinceUs, cause }) {
      const stream = streamOf(node);
      if (state === "open") {
        closeGap(node, stream, receivedAtUs);
        goUp(node, stream, receivedAtUs);
        return;
      }
      // A clock that was set back makes what was last heard a thing of the future.
      const fromUs = Math.min(sinceUs ?? receivedAtUs, receivedAtUs);
      goDown(node, stream, { fromUs, cause: cause ?? state });
    },
    noteEvent({ node, receivedAtUs, headSlot }) {
      const stream = streamOf(node);
      const wasSilent = stream.up && stream.gap?.cause === "silent";
      if (wasSilent || !stream.up) closeGap(node, stream, receivedAtUs);
      if (wasSilent) stream.upSpans.push({ fromUs: receivedAtUs, toUs: STILL_UP });
      goUp(node, stream, receivedAtUs);
      stream.heardUs = receivedAtUs;
      stream.behindSinceUs = undefined;
      if (headSlot !== undefined) stream.streamHeadSlot = Math.max(stream.streamHeadSlot, headSlot);
    },
    noteSyncing({ node, receivedAtUs, headSlot }) {
      const stream = streamOf(node);
      if (!stream.up || stream.gap !== undefined) return;
      if (headSlot <= stream.streamHeadSlot) {
        stream.behindSinceUs = undefined;
        return;
      }
      stream.behindSinceUs ??= receivedAtUs;
      const quietUs = receivedAtUs - stream.heardUs;
      const moved = headSlot >= stream.streamHeadSlot + 2;
      if (moved && quietUs >= 2 * slotUs && receivedAtUs - stream.behindSinceUs >= slotUs) {
        stream.gap = { fromUs: stream.heardUs, cause: "silent" };
        // An open stream that tells nothing shows nothing: its slots are not known to be empty.
        endSpan(stream, stream.heardUs);
      }
    },
    isUp: (node) => nodes.get(node)?.up ?? false,
    wasUpSince: (node, sinceUs) => nodes.get(node)?.upSpans.some((span) => span.toUs >= sinceUs) ?? false,
    wasUpAt: (node, atUs) => covers(nodes.get(node), atUs, atUs),
    noteLag({ node, tellsUpToUs = Number.POSITIVE_INFINITY }) {
      const stream = streamOf(node);
      const isNews = stream.tellsUpToUs !== tellsUpToUs;
      stream.tellsUpToUs = tellsUpToUs;
      return isNews;
    },
    setBack(toUs) {
      for (const stream of nodes.values()) {
        const before = stream.upSpans.filter(({ fromUs, toUs: endUs }) => fromUs <= toUs || endUs === STILL_UP);
        stream.upSpans = before.map(({ fromUs, toUs: endUs }) => ({
          fromUs: Math.min(fromUs, toUs),
          toUs: endUs === STILL_UP ? endUs : Math.min(endUs, toUs),
        }));
        stream.heardUs = Math.min(stream.heardUs, toUs);
        if (stream.gap !== undefined) stream.gap.fromUs = Math.min(stream.gap.fromUs, toUs);
        if (stream.behindSinceUs !== undefined) stream.behindSinceUs = Math.min(stream.behindSinceUs, toUs);
      }
    },
    wasUpThroughout: (node, fromUs, toUs) => covers(nodes.get(node), fromUs, toUs),
    wasUp: (fromUs, toUs) =>
      [...nodes.values()].some((stream) => toUs <= stream.tellsUpToUs && covers(stream, fromUs, toUs)),
    missed(node, fromUs, toUs) {
      const stream = nodes.get(node);
      const open = stream?.gap === undefined ? [] : [{ fromUs: stream.gap.fromUs, toUs: Number.POSITIVE_INFINITY }];
      const within = [...(stream?.pastGaps ?? []), ...open].filter((gap) => gap.fromUs < toUs && gap.toUs > fromUs);
      const us = within.reduce((sum, gap) => sum + Math.min(gap.toUs, toUs) - Math.max(gap.fromUs, fromUs), 0);
      return { count: within.length, us };
    },
    nodes: () => [...nodes.keys()],
    taken() {
      const taken = { gaps: closed, streams: [...changed.values()] };
      if (closed.length > 0) closed = [];
      if (changed.size > 0) changed = new Map();
      return taken;
    },
    finish(nowUs) {
      for (const [node, stream] of nodes) closeGap(node, stream, nowUs);
    },
    prune(beforeUs) {
      for (const stream of nodes.values()) {
        stream.upSpans = stream.upSpans.filter((span) => span.toUs >= beforeUs);
        stream.pastGaps = stream.pastGaps.filter((gap) => gap.toUs >= beforeUs);
      }
    },
  };
}

function covers(stream: NodeStream | undefined, fromUs: number, toUs: number): boolean {
  return stream?.upSpans.some((span) => span.fromUs <= fromUs && span.toUs >= toUs) ?? false;
}
