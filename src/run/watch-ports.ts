import type { WatchPorts } from "../alert/watch.ts";
import { Fault, isFault } from "../lib/fault.ts";
import type { Store } from "../store/store.ts";

/** An answer to an `http` input is read so far. */
const MOST_BYTES = 8_388_608;

/** What inputs of watches reach: the store's searches, and other programs over HTTP. */
export function watchPorts(store: Pick<Store, "search">, signal: AbortSignal): Pick<WatchPorts, "search" | "fetch"> {
  return {
    // A pattern may stand for nothing yet: who sends host metrics may come later.
    search: ({ indices, body }) => store.search(indices.join(","), body, { signal, params: { ignoreMissing: true } }),
    async fetch({ method, url, headers, body, timeoutMs }) {
      const within = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
      try {
        // A redirect could lead a watch's credentials elsewhere.
        const asked = { method, headers, redirect: "manual" as const, signal: within };
        const response = await fetch(url, body === undefined ? asked : { ...asked, body });
        const text = await readText(response);
        return { status: response.status, headers: Object.fromEntries(response.headers), text };
      } catch (error) {
        signal.throwIfAborted();
        if (within.aborted) {
          throw new Fault("http_timeout", `There was no answer within ${timeoutMs} ms.`, { retry: "retryable" });
        }
        if (isFault(error)) throw error;
        throw requestFault(error);
      }
    },
  };
}

/** The words of `fetch` are not told, nor kept as the cause: they may repeat the address or a header. */
function requestFault(error: unknown): Fault {
  const cause = error instanceof Error ? error.cause : undefined;
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : undefined;
  if (code !== undefined && code !== "ERR_INVALID_URL") {
    return new Fault("http_failed", `The request failed (${code}).`, { retry: "retryable" });
  }
  const isPort = cause instanceof Error && cause.message === "bad port";
  const why = isPort ? "bad port" : "its address or one of its headers is none";
  return new Fault("http_failed", `The request cannot be made: ${why}.`);
}

async function readText(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > MOST_BYTES) throw new Fault("http_too_long", `The answer is longer than ${MOST_BYTES} bytes.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}
