import type { IncomingHttpHeaders } from "node:http";

/** The version that is told to a client that says nothing of its own. */
const DEFAULT_VERSION = "8.19.0";

/** The last minor version of each major one whose clients are served. */
const VERSION_OF_MAJOR: Readonly<Record<number, string>> = { 7: "7.17.0", 8: DEFAULT_VERSION, 9: "9.2.0" };

const BEAT = /(?:^|[\s(])(?:Elastic[- ])?(?:[A-Za-z]*beat|Agent|Logstash|logstash)\/(\d{1,2}\.\d{1,3}\.\d{1,3})/;

/**
 * The version of Elasticsearch that a client is told. A Beat refuses a server that is older than itself and names its
 * own version in `User-Agent`, so it is told that one, as Elastic's mock server does; a client of Elastic's asks for a
 * major version by `compatible-with`.
 */
export function versionFor(headers: IncomingHttpHeaders, compatibleWith: number | undefined): string {
  const beat = BEAT.exec(headers["user-agent"] ?? "")?.[1];
  return beat ?? VERSION_OF_MAJOR[compatibleWith ?? 8] ?? DEFAULT_VERSION;
}
