import { Fault } from "../../lib/fault.ts";
import type { Answers, Question, ToDatabase } from "./messages.ts";

/** The questions that wait for an answer of the database's process. */
export type Questions = {
  /** Rejects with `store_unavailable` when no answer came in time, or with the signal's reason. */
  ask<K extends Question["kind"]>(options: {
    question: Extract<Question, { kind: K }>;
    limitMs: number;
    signal?: AbortSignal | undefined;
  }): Promise<Answers[K]>;
  answer(id: number, answer: Answers[Question["kind"]]): void;
  refuse(id: number, fault: Fault): void;
  /** There is nobody left to answer. */
  refuseAll(fault: Fault): void;
};

type Waiting = { resolve: (answer: Answers[Question["kind"]]) => void; reject: (error: unknown) => void };

export function createQuestions(send: (message: ToDatabase) => void): Questions {
  const waiting = new Map<number, Waiting>();
  let nextId = 1;

  return {
    async ask<K extends Question["kind"]>(options: {
      question: Extract<Question, { kind: K }>;
      limitMs: number;
      signal?: AbortSignal | undefined;
    }): Promise<Answers[K]> {
      const { question, limitMs, signal } = options;
      const id = nextId++;
      const { promise, resolve, reject } = Promise.withResolvers<Answers[Question["kind"]]>();
      waiting.set(id, { resolve, reject });
      const abort = () => {
        send({ type: "abort", id });
        reject(signal?.reason);
      };
      signal?.addEventListener("abort", abort, { once: true });
      const hanging = setTimeout(
        () => reject(new Fault("store_unavailable", "The database did not answer in time", { retry: "retryable" })),
        limitMs,
      );
      send({ type: "ask", id, question });
      try {
        // The answer to an id is of the kind that was asked under it.
        return (await promise) as Answers[K];
      } finally {
        clearTimeout(hanging);
        signal?.removeEventListener("abort", abort);
        waiting.delete(id);
      }
    },
    answer: (id, answer) => waiting.get(id)?.resolve(answer),
    refuse: (id, fault) => waiting.get(id)?.reject(fault),
    refuseAll(fault) {
      for (const { reject } of [...waiting.values()]) reject(fault);
    },
  };
}
