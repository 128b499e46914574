import { chainRecord } from "./chain-records.ts";
import { type BenchDocument, type Day, momentOf } from "./day.ts";
import { flow } from "./flows.ts";
import { BEAT_VERSION, HOSTS, type Host } from "./hosts.ts";
import { logLine } from "./log-lines.ts";
import { metric } from "./metrics.ts";

export const CHAIN_INDEX = "chain-records";
const indexOf = (beat: "metricbeat" | "filebeat" | "packetbeat") => `${beat}-${BEAT_VERSION}`;

type Kind = "metric" | "line" | "flow" | "chain";
/** Of twenty documents eight are metrics, seven lines of logs, three flows and two of the chain. */
const ORDER: readonly Kind[] = [
  ...(["metric", "line", "metric", "flow", "line", "metric", "line", "chain", "metric", "line"] as const),
  ...(["metric", "line", "flow", "metric", "line", "metric", "chain", "line", "metric", "flow"] as const),
];
/** Which one of its kind a document is within the twenty. */
const PLACES = ORDER.map((kind, place) => ORDER.slice(0, place).filter((other) => other === kind).length);
const COUNTS = ORDER.map((kind) => ORDER.filter((other) => other === kind).length);

/** Document `number` of a day: always the same, whichever were asked for before. */
export function mixedDocument(day: Day, number: number): BenchDocument {
  const moment = momentOf(day, number);
  const place = number % ORDER.length;
  const turn = Math.floor(number / ORDER.length) * (COUNTS[place] ?? 1) + (PLACES[place] ?? 0);
  const host = hostOf(turn);
  switch (ORDER[place]) {
    case "metric":
      return { index: indexOf("metricbeat"), source: metric(moment, host, Math.floor(turn / HOSTS.length)) };
    case "flow":
      return { index: indexOf("packetbeat"), source: flow(moment, host) };
    case "chain":
      return { index: CHAIN_INDEX, source: chainRecord(moment, turn) };
    default:
      return { index: indexOf("filebeat"), source: logLine(moment, host) };
  }
}

/** The same day of lines of logs alone. */
export function lineDocument(day: Day, number: number): BenchDocument {
  return { index: indexOf("filebeat"), source: logLine(momentOf(day, number), hostOf(number)) };
}

function hostOf(turn: number): Host {
  return HOSTS[turn % HOSTS.length] as Host;
}
