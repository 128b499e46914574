import type { FastifyReply } from "fastify";

/** Aborts when the client goes before its answer is sent. The request's own end tells nothing: its body is read by then. */
export function goneSignal({ raw }: FastifyReply): AbortSignal {
  const gone = new AbortController();
  raw.once("close", () => {
    if (!raw.writableFinished) gone.abort();
  });
  return gone.signal;
}
