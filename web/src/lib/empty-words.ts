import type { SearchRequest } from "../../../src/search/request.ts";

/** The request for the newest document of an index, for its moment alone. */
export function newestRequest(index: string, timeField: string): { index: string; body: SearchRequest } {
  return {
    index,
    body: {
      size: 1,
      sort: [{ [timeField]: { order: "desc", unmapped_type: "date" } }],
      query: { exists: { field: timeField } },
      _source: false,
      track_total_hits: false,
    },
  };
}

const SENDERS: readonly { of: RegExp; why: string }[] = [
  { of: /metricbeat|metrics-system/, why: "No server sends Metricbeat's documents; docs/beats.md says how one does." },
  { of: /packetbeat/, why: "No server sends Packetbeat's documents; docs/beats.md says how one does." },
  { of: /filebeat|logs-.*client/, why: "No server sends its clients' logs; docs/beats.md says how one does." },
  { of: /duty|validator/, why: "No validators are labelled as yours; docs/duties.md says how they are." },
  { of: /gap/, why: "No gap was recorded: every stream has been whole." },
  { of: /reorg/, why: "No node has changed its branch since the monitor began." },
  { of: /quarantine/, why: "No event was set aside: all of them fit their schema." },
  {
    of: /ethmon|ethereum/,
    why: "It fills by itself as the nodes tell of it, and holds nothing from before the monitor began.",
  },
];

/** Why an index may hold nothing at all. */
export function emptyWords(index: string): string {
  const why = SENDERS.find(({ of }) => of.test(index))?.why ?? "Nothing was sent to it yet.";
  return `No document of ${index} is stored. ${why}`;
}
