import type { LiveEvents } from "../../../src/serve/views.ts";

/** One event of the live stream. */
export type LiveItem = { [E in keyof LiveEvents]: { event: E; data: LiveEvents[E] } }[keyof LiveEvents];

export type StreamHandlers = {
  /** The stream stands; `resumed` when it goes on exactly where it broke off. */
  onOpen(resumed: boolean): void;
  onItem(item: LiveItem): void;
  /** The stream broke; it is being opened again. */
  onDown(): void;
};

const EVENTS: readonly (keyof LiveEvents)[] = [
  "slot",
  "node_slot",
  "slot_votes",
  "block",
  "epoch",
  "reorg",
  "gap",
  "alert",
  "node",
  "health",
  "reset",
];
const RETRY_MS = [1000, 2000, 4000, 8000, 15_000] as const;

/**
 * The live stream, kept open. The browser reconnects by itself with `Last-Event-ID`; where it gives up (an HTTP error)
 * the stream is opened anew with the last id in the query, after 1 s to 15 s.
 */
export function openStream(url: string, handlers: StreamHandlers): { close(): void } {
  let source: EventSource | undefined;
  let lastId = "";
  let attempt = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const connect = () => {
    source = new EventSource(lastId === "" ? url : `${url}?last_event_id=${encodeURIComponent(lastId)}`);
    source.onopen = () => {
      attempt = 0;
      handlers.onOpen(lastId !== "");
    };
    source.onerror = () => {
      handlers.onDown();
      if (source?.readyState !== EventSource.CLOSED) return;
      timer = setTimeout(connect, RETRY_MS[Math.min(attempt, RETRY_MS.length - 1)]);
      attempt += 1;
    };
    for (const event of EVENTS) {
      source.addEventListener(event, (message) => {
        lastId = message.lastEventId;
        handlers.onItem({ event, data: JSON.parse(message.data) } as LiveItem);
      });
    }
  };
  connect();
  return {
    close() {
      clearTimeout(timer);
      source?.close();
    },
  };
}
