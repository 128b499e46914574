import { BlockList, isIP } from "node:net";
import { Fault } from "./fault.ts";

const loopback = new BlockList();
loopback.addSubnet("127.0.0.0", 8, "ipv4");
loopback.addAddress("::1", "ipv6");

/** Whether an address or `localhost` reaches this machine alone. */
export function isLoopback(host: string): boolean {
  const family = isIP(host);
  return host === "localhost" || (family !== 0 && loopback.check(host, family === 6 ? "ipv6" : "ipv4"));
}

/**
 * Throws `listen_address_refused` for an address that other machines can reach while nobody who comes from there has to
 * authenticate; `until` says what would change that.
 */
export function checkListenAddress(address: { host: string; authenticates: boolean; until: string }): void {
  const { host, authenticates, until } = address;
  if (authenticates || isLoopback(host)) return;
  throw new Fault(
    "listen_address_refused",
    `Listening on ${host} was refused: until ${until}, ethmon listens on loopback alone. ` +
      "Use --host 127.0.0.1, and reach it from elsewhere through an SSH tunnel or an authenticating proxy.",
    { details: { host } },
  );
}

/** What the operating system says of an address, as `address_in_use`, `address_denied` or `address_unavailable`. */
export function listenFault(
  error: unknown,
  address: { host: string; port: number /** Where they are chosen. Default: the command line. */; chosenIn?: string },
): unknown {
  const { host, port, chosenIn } = address;
  const [otherPort, otherHost] =
    chosenIn === undefined ? ["one with --port", "--host"] : [`one in ${chosenIn}`, `one in ${chosenIn}`];
  const details = { host, port };
  switch (error instanceof Error && "code" in error ? error.code : undefined) {
    case "EADDRINUSE":
      return new Fault(
        "address_in_use",
        `Port ${port} on ${host} is in use, perhaps by another ethmon: stop that, or choose another ${otherPort}.`,
        { retry: "retryable", cause: error, details },
      );
    case "EACCES":
      return new Fault(
        "address_denied",
        `This user may not open port ${port}: choose another ${otherPort}, from 1024 on.`,
        {
          cause: error,
          details,
        },
      );
    case "EADDRNOTAVAIL":
      return new Fault(
        "address_unavailable",
        `This machine does not have the address ${host}: choose another ${otherHost}.`,
        {
          cause: error,
          details,
        },
      );
    default:
      return error;
  }
}
