import { EXIT_INTERRUPTED } from "./exit-codes.ts";

/** A signal that aborts with the first SIGINT or SIGTERM; a second one ends the process at once. */
export function stopSignal(): { signal: AbortSignal; close(): void } {
  const controller = new AbortController();
  const stop = () => {
    if (controller.signal.aborted) process.exit(EXIT_INTERRUPTED);
    controller.abort();
  };
  process.on("SIGINT", stop);
  process.on("SIGTERM", stop);
  return {
    signal: controller.signal,
    close() {
      process.off("SIGINT", stop);
      process.off("SIGTERM", stop);
    },
  };
}

/** Does work that a signal stops, which is no fault of it. */
export async function stoppable(work: (signal: AbortSignal) => Promise<void>): Promise<void> {
  const { signal, close } = stopSignal();
  try {
    await work(signal);
  } catch (error) {
    if (!signal.aborted) throw error;
    process.exitCode = EXIT_INTERRUPTED;
  } finally {
    close();
  }
}
