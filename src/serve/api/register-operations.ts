import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { type Handlers, type Operation, type OperationId, operations, statusOfHealth } from "./operations.ts";
import { parseParameters } from "./parameters.ts";
import type { Views } from "./schemas.ts";

type AnyHandler = (input: { params: object; query: object; signal: AbortSignal }) => unknown;

/** Serves every operation of the table: parameters by their schemas, the answer as JSON. */
export function registerOperations(app: FastifyInstance, handlers: Handlers): void {
  for (const [id, operation] of Object.entries<Operation>(operations)) {
    // The table pairs each handler with the schemas its input type is made from; a loop over it loses that pairing.
    const handle = handlers[id as OperationId] as AnyHandler;
    const url = operation.path.replaceAll(/\{(\w+)\}/g, ":$1");
    app.route({ method: operation.method ?? "GET", url, handler: answer });

    async function answer(request: FastifyRequest, reply: FastifyReply) {
      const params = parseParameters({ schema: operation.params, raw: request.params, kind: "path" });
      const query = parseParameters({ schema: operation.query, raw: request.query, kind: "query" });
      const view = await handle({ params, query, signal: request.signal });
      return reply.code(statusOf(operation, view)).header("cache-control", "no-store").send(view);
    }
  }
}

function statusOf(operation: Operation, view: unknown): number {
  if (operation.method === "POST") return 202;
  return operation.answer === "Health" ? statusOfHealth(view as Views["Health"]) : 200;
}
