import { BlockList, isIP } from "node:net";
import type { FastifyInstance } from "fastify";
import { Fault } from "../lib/fault.ts";

const loopback = new BlockList();
loopback.addSubnet("127.0.0.0", 8, "ipv4");
loopback.addAddress("::1", "ipv6");

export function isLoopback(host: string): boolean {
  const family = isIP(host);
  return host === "localhost" || (family !== 0 && loopback.check(host, family === 6 ? "ipv6" : "ipv4"));
}

/**
 * Throws `listen_address_refused` for an address that other machines can reach while nobody who comes from there has to
 * authenticate.
 */
export function checkListenAddress({ host, authenticates }: { host: string; authenticates: boolean }): void {
  if (authenticates || isLoopback(host)) return;
  throw new Fault(
    "listen_address_refused",
    `Listening on ${host} was refused: until there are keys, ethmon listens on loopback alone. ` +
      "Use --host 127.0.0.1, and reach it from elsewhere through an SSH tunnel or an authenticating proxy.",
    { details: { host } },
  );
}

export type ListenAddress = {
  host: string;
  port: number;
  /** Whether there are keys or users, one of which every request needs. Default: no. */
  authenticates?: boolean;
  tls?: boolean;
};

/** Opens the port and answers the URL; throws `address_in_use`, `address_denied` or `address_unavailable`. */
export async function listenOn(app: FastifyInstance, address: ListenAddress): Promise<string> {
  const { host, authenticates = false, tls = false } = address;
  checkListenAddress({ host, authenticates });
  try {
    await app.listen({ host, port: address.port });
  } catch (error) {
    throw listenFault(error, address);
  }
  const bound = app.server.address();
  const port = bound !== null && typeof bound === "object" ? bound.port : address.port;
  return `${tls ? "https" : "http"}://${host.includes(":") ? `[${host}]` : host}:${port}`;
}

function listenFault(error: unknown, address: { host: string; port: number }): unknown {
  const { host, port } = address;
  const details = { host, port };
  switch (error instanceof Error && "code" in error ? error.code : undefined) {
    case "EADDRINUSE":
      return new Fault(
        "address_in_use",
        `Port ${port} on ${host} is in use, perhaps by another ethmon: stop that, or choose another one with --port.`,
        { retry: "retryable", cause: error, details },
      );
    case "EACCES":
      return new Fault("address_denied", `This user may not open port ${port}: choose one from 1024 on with --port.`, {
        cause: error,
        details,
      });
    case "EADDRNOTAVAIL":
      return new Fault(
        "address_unavailable",
        `This machine does not have the address ${host}: choose another --host.`,
        {
          cause: error,
          details,
        },
      );
    default:
      return error;
  }
}
