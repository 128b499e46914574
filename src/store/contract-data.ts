import type { Dataset } from "../events/dataset.ts";
import type { Document, Json } from "../events/document.ts";
import { quarantineDataset } from "../events/quarantine.ts";

/** The datasets of the store's tests: one of each kind, with a column of every type. */
export const testDatasets: readonly Dataset[] = [
  {
    kind: "stream",
    source: "own",
    keep: "raw",
    name: "test.event",
    title: "Events",
    words: "Numbered events.",
    columns: [
      { name: "test.number", type: "long", words: "Counts from 1." },
      { name: "test.word", type: "keyword", words: "A word." },
      { name: "test.words", type: "keyword", list: true, words: "Several words." },
      { name: "test.large", type: "unsigned_long", words: "A uint64." },
      { name: "test.ratio", type: "double", words: "A fraction." },
      { name: "test.flag", type: "boolean", words: "True or false." },
      { name: "test.at", type: "date", words: "A moment." },
      { name: "test.moments", type: "date", list: true, words: "Several moments." },
      { name: "test.object", type: "flattened", words: "Any JSON." },
      { name: "test.remark", type: "text", words: "Free text." },
      { name: "observer.name", type: "keyword", words: "Name of the node." },
    ],
  },
  {
    kind: "index",
    name: "thing",
    title: "Things",
    words: "Replaced by id.",
    columns: [
      { name: "test.number", type: "long", words: "Counts from 1." },
      { name: "test.word", type: "keyword", words: "A word." },
    ],
  },
  quarantineDataset,
];

export const EVENTS = "logs-test.event-testnet";
export const THINGS = "ethmon-thing-testnet";
export const QUARANTINE = "logs-ethereum.quarantine-testnet";

/** 2026-11-22T10:00:00Z. */
export const START_US = 1_795_341_600_000_000;

export function event(number: number, fields: Readonly<Record<string, Json>> = {}, timestampUs?: number): Document {
  return {
    dataset: "test.event",
    timestampUs: timestampUs ?? START_US + number,
    fields: { "test.number": number, ...fields },
  };
}

export function thing(id: string, fields: Readonly<Record<string, Json>>): Document {
  return { dataset: "thing", id, timestampUs: START_US, fields };
}
