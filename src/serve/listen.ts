import type { FastifyInstance } from "fastify";
import { checkListenAddress, listenFault } from "../lib/listen-address.ts";

export type ListenAddress = {
  host: string;
  port: number;
  /** Whether there are keys or users, one of which every request needs. Default: no. */
  authenticates?: boolean;
  tls?: boolean;
  /** Where host and port are chosen. Default: on the command line. */
  chosenIn?: string;
};

/** Opens the port and answers the URL; throws `address_in_use`, `address_denied` or `address_unavailable`. */
export async function listenOn(app: FastifyInstance, address: ListenAddress): Promise<string> {
  const { host, authenticates = false, tls = false } = address;
  checkListenAddress({ host, authenticates, until: "there are keys" });
  try {
    await app.listen({ host, port: address.port });
  } catch (error) {
    throw listenFault(error, address);
  }
  const bound = app.server.address();
  const port = bound !== null && typeof bound === "object" ? bound.port : address.port;
  return `${tls ? "https" : "http"}://${host.includes(":") ? `[${host}]` : host}:${port}`;
}
