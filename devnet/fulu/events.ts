import { routes } from "@lodestar/api";
import type { BeaconConfig } from "@lodestar/config";
import type { BeaconNode } from "../../src/simulate/beacon-face.ts";

/** The events that a node tells on `/eth/v1/events`, in the Beacon API's JSON. */
export type Events = Pick<BeaconNode, "topics" | "subscribe"> & {
  tell(event: routes.events.BeaconEvent): void;
};

type Subscriber = { topics: ReadonlySet<string>; send(event: { topic: string; text: string }): void };

export function createEvents(config: BeaconConfig): Events {
  const { toJson } = routes.events.getEventSerdes(config);
  const subscribers = new Set<Subscriber>();
  return {
    topics: new Set<string>(Object.values(routes.events.EventType)),
    subscribe(topics, send) {
      const subscriber = { topics, send };
      subscribers.add(subscriber);
      return () => subscribers.delete(subscriber);
    },
    tell(event) {
      const wanted = [...subscribers].filter(({ topics }) => topics.has(event.type));
      if (wanted.length === 0) return;
      const text = JSON.stringify(toJson(event));
      for (const { send } of wanted) send({ topic: event.type, text });
    },
  };
}
