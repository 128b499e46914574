import { Fault } from "../../lib/fault.ts";

/** Places that are taken for a time, of which everybody together and each client may have so many. */
export type Places = {
  /** Takes a place; what it answers gives it back. Throws `too_many_requests`. */
  take(client: string): () => void;
};

export function createPlaces(limits: { all: number; each: number; what: string }): Places {
  const { all, each, what } = limits;
  const byClient = new Map<string, number>();
  let taken = 0;
  return {
    take(client) {
      const own = byClient.get(client) ?? 0;
      if (own >= each) throw tooMany(`${each} ${what} of yours are under way already`);
      if (taken >= all) throw tooMany(`${all} ${what} are under way already`);
      byClient.set(client, own + 1);
      taken += 1;
      let isGivenBack = false;
      return () => {
        if (isGivenBack) return;
        isGivenBack = true;
        taken -= 1;
        const left = (byClient.get(client) ?? 1) - 1;
        if (left === 0) byClient.delete(client);
        else byClient.set(client, left);
      };
    },
  };
}

function tooMany(reason: string): Fault {
  return new Fault("too_many_requests", `Come again in a moment: ${reason}.`, { retry: "retryable" });
}
