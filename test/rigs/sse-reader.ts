import { createParser } from "eventsource-parser";

export type SseEvent = { id: string | undefined; event: string | undefined; data: unknown };

export type SseReader = {
  status: number;
  events: readonly SseEvent[];
  comments: readonly string[];
  /** Resolves when `count` events have come. */
  received(count: number): Promise<readonly SseEvent[]>;
  /** Resolves when the server has ended the stream. */
  ended: Promise<void>;
  /** All that came, as it came. */
  text(): string;
  close(): void;
};

/** Reads a server's event stream as fast as it comes. */
export async function openSse(url: string, headers: Record<string, string> = {}): Promise<SseReader> {
  const controller = new AbortController();
  const response = await fetch(url, { headers, signal: controller.signal });
  const events: SseEvent[] = [];
  const comments: string[] = [];
  const waiting = new Set<() => void>();
  let all = "";
  const parser = createParser({
    onEvent: ({ id, event, data }) => events.push({ id, event, data: JSON.parse(data) }),
    onComment: (comment) => comments.push(comment),
  });
  const wake = () => {
    for (const check of waiting) check();
  };
  const read = async () => {
    for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
      all += chunk;
      parser.feed(chunk);
      wake();
    }
  };
  const ended = read().catch((error: unknown) => {
    if (!controller.signal.aborted) throw error;
  });
  return {
    status: response.status,
    events,
    comments,
    received: (count) =>
      new Promise((resolve) => {
        const check = () => {
          if (events.length < count) return;
          waiting.delete(check);
          resolve(events);
        };
        waiting.add(check);
        check();
      }),
    ended,
    text: () => all,
    close: () => controller.abort(),
  };
}
