/** Whether trying the same thing again, unchanged, may help. */
export type Retry = "retryable" | "final";

/**
 * The one error of this program: a stable code for machines, a sentence for people.
 * Foreign errors are translated into it where they enter.
 */
export class Fault extends Error {
  readonly code: string;
  readonly retry: Retry;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(
    code: string,
    message: string,
    options: { retry?: Retry; cause?: unknown; details?: Readonly<Record<string, unknown>> } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "Fault";
    this.code = code;
    this.retry = options.retry ?? "final";
    this.details = options.details ?? {};
  }
}

export function isFault(error: unknown, code?: string): error is Fault {
  return error instanceof Fault && (code === undefined || error.code === code);
}

/** True for what `AbortSignal` throws: aborting is not an error. */
export function isAborted(error: unknown): boolean {
  return error instanceof Error && (error.name === "AbortError" || error.name === "TimeoutError") && !isFault(error);
}

/** One line for a log, whatever was thrown: the message and its cause. */
export function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause;
  return cause instanceof Error && !error.message.includes(cause.message)
    ? `${error.message.replace(/\.$/, "")}: ${cause.message}`
    : error.message;
}
