import type { Fault } from "../lib/fault.ts";
import type { Finding } from "./report.ts";

const PORTS = "Lighthouse and Nimbus 5052, Teku 5051, Prysm 3500, Lodestar 9596, Grandine 5052";

const BY_REASON: Readonly<Record<string, string>> = {
  ECONNREFUSED: `Is the node running with its REST interface on (Lighthouse --http, Teku --rest-api-enabled, Nimbus --rest), and is the port right (${PORTS})?`,
  ENOTFOUND: "Check how the host is spelled.",
  EAI_AGAIN: "Check this machine's name resolution.",
  ETIMEDOUT: "Check the address, and whether a firewall lets this machine in.",
  EHOSTUNREACH: "Check the address and this machine's network.",
  ENETUNREACH: "Check the address and this machine's network.",
  EPROTO: "Use http:// in the address, or the port that speaks TLS.",
};

const BY_STATUS: Readonly<Record<number, string>> = {
  401: "Give credentials: in a configuration file an address may name environment variables (docs/config.md, nodes).",
  403: "The node or a proxy before it does not let this machine ask: check credentials and allowed hosts.",
  404: `Something else than a Beacon API answers there: check the path and the port (${PORTS}; 8545 is the execution client's).`,
};

/** What to do when a node could not be asked for its network. */
function adviceFor({ code, details }: Fault): string {
  const { reason, status } = details;
  switch (code) {
    case "node_unreachable":
      return (typeof reason === "string" ? BY_REASON[reason] : undefined) ?? "Check the address and the node's log.";
    case "node_timeout":
      return "It takes connections and does not answer: it may be starting or overloaded. See its log, then try again.";
    case "node_http_error":
      return (typeof status === "number" ? BY_STATUS[status] : undefined) ?? "See the node's log.";
    case "node_not_json":
      return `A web page or a login answers there, not a Beacon API: check the path and the port (${PORTS}).`;
    default:
      return "Check that the address is that of a beacon node.";
  }
}

/** The finding that a node cannot be watched, for what was thrown when it was asked for its network. */
export function unreachedFinding(fault: Fault): Finding {
  const { code, message } = fault;
  // A page instead of JSON is there by design of whoever put it there: only the network and an overload pass.
  const isTemporary = fault.retry === "retryable" && code !== "node_not_json" && code !== "spec_incomplete";
  return {
    severity: "fatal",
    code,
    sentence: message,
    advice: adviceFor(fault),
    ...(isTemporary ? { temporary: true } : {}),
  };
}
