import { illegalArgument, type Refused, refusal } from "../../events/refusal.ts";
import { type Fault, isFault } from "../../lib/fault.ts";

/** What the rules refuse, as Watcher tells it; anything else as it is. */
export function watcherRefusal(error: unknown, id: string): unknown {
  if (!isFault(error)) return error;
  switch (error.code) {
    case "watch_unknown":
      return watchMissing(id);
    case "watch_invalid":
      return watchInvalid(error);
    case "object_shipped":
      return illegalArgument(error.message);
    default:
      return error;
  }
}

function watchMissing(id: string): Fault {
  return refusal({ type: "resource_not_found_exception", reason: `Watch with id [${id}] does not exist`, status: 404 });
}

function watchInvalid({ message, details }: Fault): Fault {
  const { type, reason, caused_by: cause } = details;
  return refusal({
    type: typeof type === "string" ? type : "parse_exception",
    reason: typeof reason === "string" ? reason : message,
    status: 400,
    ...(isCause(cause) ? { causedBy: cause } : {}),
  });
}

function isCause(cause: unknown): cause is NonNullable<Refused["causedBy"]> {
  return typeof cause === "object" && cause !== null && "type" in cause && "reason" in cause;
}
