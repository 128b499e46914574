import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { Fault } from "../../lib/fault.ts";
import { goneSignal } from "../gone-signal.ts";
import type { Shareable, SharedAnswers } from "../shared-answers.ts";
import { parseBody } from "./body.ts";
import type { Operation } from "./operation.ts";
import { type Handlers, type OperationId, operations, statusOfHealth } from "./operations.ts";
import { parseParameters } from "./parameters.ts";
import { schemas, type Views } from "./schemas.ts";

type AnyHandler = (input: { params: object; query: object; body: unknown; signal: AbortSignal }) => unknown;

/** What the hooks of a request know of its route. */
export type RouteConfig = {
  operation?: Operation;
  /** Its address is signed, which is all that it needs. */
  signed?: true;
};

/**
 * Serves every operation of the table: parameters and body by their schemas, the answer as JSON of at most `answerBytes`;
 * `keepS` is for how long others may keep an answer.
 */
export function registerOperations(
  app: FastifyInstance,
  handlers: Handlers,
  how: { answerBytes: number; shared: SharedAnswers; keepS: (operation: Operation) => number },
): void {
  for (const [id, operation] of Object.entries<Operation>(operations)) {
    // The table pairs each handler with the schemas its input type is made from; a loop over it loses that pairing.
    const handle = handlers[id as OperationId] as AnyHandler;
    const { body } = operation;
    app.route({
      method: operation.method ?? "GET",
      url: operation.path.replaceAll(/\{(\w+)\}/g, ":$1"),
      config: { operation } satisfies RouteConfig,
      ...(body === undefined ? {} : { bodyLimit: body.limitBytes }),
      handler: answer,
    });
    const keepS = how.keepS(operation);
    const cacheControl = keepS > 0 ? `public, max-age=${keepS}` : "no-store";

    async function answer(request: FastifyRequest, reply: FastifyReply) {
      const asked = {
        params: parseParameters({ schema: operation.params, raw: request.params, kind: "path" }),
        query: parseParameters({ schema: operation.query, raw: request.query, kind: "query" }),
        body: body === undefined ? undefined : parseBody(schemas[body.name], request.body),
      };
      const signal = goneSignal(reply);
      reply.header("cache-control", cacheControl);
      if (operation.shared) {
        const { key, make } = (await handle({ ...asked, signal })) as Shareable<unknown>;
        const text = async (wanted: AbortSignal) => textOf(await make(wanted));
        return sendText(reply, await how.shared.get({ key, signal, make: text }));
      }
      const view = await handle({ ...asked, signal });
      return sendText(reply.code(statusOf(operation, view)), textOf(view));
    }
  }

  function textOf(view: unknown): string {
    const text = JSON.stringify(view);
    if (text.length <= how.answerBytes) return text;
    const most = Math.round(how.answerBytes / 1e6);
    throw new Fault(
      "answer_too_large",
      `The answer has more than ${most} MB: ask for fewer documents, fewer buckets or less time.`,
    );
  }
}

function sendText(reply: FastifyReply, text: string): FastifyReply {
  return reply.type("application/json; charset=utf-8").send(text);
}

function statusOf(operation: Operation, view: unknown): number {
  if (operation.begins) return 202;
  return operation.answer === "Health" ? statusOfHealth(view as Views["Health"]) : 200;
}
