import type { Json } from "../../events/document.ts";
import { clientLogsPipeline } from "./shipped-pipelines.ts";

type Given = { readonly [key: string]: Json };

/** Where a shipper says what it read: the names that `ethmon-client-logs` finds the client by. */
const NAMES: readonly (readonly string[])[] = [
  ["service", "type"],
  ["labels", "client"],
  ["fields", "client"],
  ["container", "name"],
  ["container", "image", "name"],
  ["kubernetes", "container", "name"],
  ["kubernetes", "labels", "app"],
  ["systemd", "unit"],
  ["process", "name"],
  ["log", "syslog", "appname"],
  ["service", "name"],
  ["service", "node", "name"],
  ["log", "file", "path"],
];
const CLIENT =
  /(?<![a-z])(?:lighthouse|teku|prysm|beacon-chain|nimbus|lodestar|grandine|geth|go-ethereum|nethermind|besu|erigon|reth)(?![a-z])/i;

/**
 * The pipeline of a document that is a raw line of a client's log by all that its shipper says: `message` is a text, no
 * pipeline was at it before (`event.original`), and a name of service, container, unit, program or file is a client's.
 * Undefined for all others.
 */
export function entryPipelineOf(source: Given): string | undefined {
  if (typeof source["message"] !== "string" || valueAt(source, ["event", "original"]) !== undefined) return undefined;
  const isClient = NAMES.some((path) => {
    const name = valueAt(source, path);
    return typeof name === "string" && CLIENT.test(name);
  });
  return isClient ? clientLogsPipeline : undefined;
}

/** The value at a path, whose keys may stand together in dotted names. */
function valueAt(object: Given, path: readonly string[]): Json | undefined {
  for (let count = path.length; count > 0; count -= 1) {
    const name = path.slice(0, count).join(".");
    if (!Object.hasOwn(object, name)) continue;
    const value = object[name];
    if (count === path.length) return value;
    if (typeof value === "object" && value !== null && !Array.isArray(value))
      return valueAt(value as Given, path.slice(count));
  }
  return undefined;
}
