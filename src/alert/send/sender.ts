import type { DeliveryRecord } from "../../events/alert-records.ts";
import type { JsonObject } from "../../events/foreign.ts";
import type { DeliveryContent } from "./delivery-content.ts";

/** One message on its way. */
export type Message = {
  delivery: DeliveryRecord;
  content: DeliveryContent;
  /** Why it is sent by another way than it should have been, as a sentence. */
  insteadOf?: string | undefined;
  nowMs: number;
  signal: AbortSignal;
};

/** What a sender told of a message that it delivered, to some of its recipients at least. */
export type Sent = {
  /** What went wrong nevertheless: recipients that refused it for good. */
  note?: string | undefined;
  /** Nobody was left who wants it. */
  unwanted?: boolean | undefined;
};

/** The action of a content with the secrets that are stored nowhere. Throws `delivery_refused` when they are gone. */
export type OpenContent = (content: DeliveryContent, delivery: DeliveryRecord) => JsonObject;

/** Delivers the messages of one kind. */
export type Sender = {
  /** Whether there is an account or address to send it by. */
  configured(content: DeliveryContent): boolean;
  /**
   * Where it goes, for people, in short and without addresses of people: with `recipients` the place by which failures
   * are counted, and to which messages keep their order.
   */
  place(content: DeliveryContent): string;
  recipients?(content: DeliveryContent): readonly string[];
  /** Whether people read it there, so that a storm becomes a summary. */
  forPeople(content: DeliveryContent): boolean;
  /** Messages of different alerts that are under way to one place at once. */
  atOnce(content: DeliveryContent): number;
  /** Resolves when the other side has taken it. Rejects with a fault of `send-faults.ts`, or the signal's reason. */
  send(message: Message): Promise<Sent>;
};
