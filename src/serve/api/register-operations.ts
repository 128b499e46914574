import type { FastifyInstance } from "fastify";
import { type Handlers, type Operation, type OperationId, operations, statusOfHealth } from "./operations.ts";
import { parseParameters } from "./parameters.ts";
import type { Views } from "./schemas.ts";

type AnyHandler = (input: { params: object; query: object; signal: AbortSignal }) => unknown;

/** Serves every operation of the table: parameters by their schemas, the answer as JSON. */
export function registerOperations(app: FastifyInstance, handlers: Handlers): void {
  for (const [id, operation] of Object.entries<Operation>(operations)) {
    // The table pairs each handler with the schemas its input type is made from; a loop over it loses that pairing.
    const handle = handlers[id as OperationId] as AnyHandler;
    app.get(operation.path.replaceAll(/\{(\w+)\}/g, ":$1"), async (request, reply) => {
      const params = parseParameters({ schema: operation.params, raw: request.params, kind: "path" });
      const query = parseParameters({ schema: operation.query, raw: request.query, kind: "query" });
      const answer = await handle({ params, query, signal: request.signal });
      const status = operation.answer === "Health" ? statusOfHealth(answer as Views["Health"]) : 200;
      return reply.code(status).header("cache-control", "no-store").send(answer);
    });
  }
}
