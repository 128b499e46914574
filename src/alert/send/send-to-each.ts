import { Fault, isFault } from "../../lib/fault.ts";
import type { DeliveryContent } from "./delivery-content.ts";
import { deferred, refused } from "./send-faults.ts";
import type { Sent } from "./sender.ts";

/**
 * Sends one message to each recipient that is not done with. Those who have it and those who refused it are told in the
 * fault's details, so that nobody gets it twice when it is tried again for the others.
 */
export async function sendToEach(input: {
  recipients: readonly string[];
  content: Pick<DeliveryContent, "delivered_to" | "refused_by">;
  send(recipient: string): Promise<void>;
}): Promise<Sent> {
  const { recipients, content, send } = input;
  const deliveredTo = new Set(content.delivered_to);
  const refusedBy = new Set(content.refused_by);
  const details = () => ({ deliveredTo: [...deliveredTo], refusedBy: [...refusedBy] });
  let waiting: Fault | undefined;
  let refusal: Fault | undefined;
  for (const recipient of recipients) {
    if (deliveredTo.has(recipient) || refusedBy.has(recipient)) continue;
    try {
      await send(recipient);
      deliveredTo.add(recipient);
    } catch (error) {
      if (!isFault(error)) throw error;
      if (error.code === "delivery_unreachable") {
        throw new Fault(error.code, error.message, {
          retry: error.retry,
          cause: error.cause,
          details: { ...error.details, ...details() },
        });
      }
      if (error.retry === "retryable") waiting ??= error;
      else {
        refusal = error;
        refusedBy.add(recipient);
      }
    }
  }
  if (waiting !== undefined) {
    throw deferred(waiting.message, {
      ...details(),
      retryAfterMs: Number(waiting.details["retryAfterMs"]) || undefined,
    });
  }
  if (refusal !== undefined && deliveredTo.size === 0) throw refused(refusal.message, details());
  if (refusedBy.size === 0) return {};
  const words = `${refusedBy.size} of ${recipients.length} recipients refused it`;
  return { note: refusal === undefined ? `${words}.` : `${words}: ${refusal.message}` };
}
