import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createChain } from "../chain/chain.ts";
import type { JsonObject } from "./document/json.ts";
import { placeOnChain } from "./place-on-chain.ts";

const GENESIS_S = 1_795_000_000;
const chain = createChain({
  spec: { CONFIG_NAME: "dev-net", SECONDS_PER_SLOT: "6", SLOTS_PER_EPOCH: "8", INTERVALS_PER_SLOT: "3" },
  genesis: { genesis_time: String(GENESIS_S) },
});
const nodes: Readonly<Record<string, string>> = { "host-1": "lighthouse-1", "teku-beacon": "teku-1" };
const place = (source: JsonObject) => placeOnChain({ source, chain, nodeOf: (name) => nodes[name] });
const at = (seconds: number) => new Date((GENESIS_S + seconds) * 1000).toISOString();

describe("placing a document on the chain", () => {
  test("by its time: slot, epoch, position and delay", () => {
    expect(place({ "@timestamp": at(6 * 19 + 1.25), host: { name: "host-1" }, system: { load: 1 } })).toEqual({
      "@timestamp": at(6 * 19 + 1.25),
      host: { name: "host-1" },
      system: { load: 1 },
      observer: { name: "lighthouse-1" },
      ethereum: { network: "dev_net", slot: 19, epoch: 2, slot_index: 3, delay_ms: 1250 },
    });
  });

  test("by the slot that it names, however late it was written", () => {
    const late = place({ "@timestamp": at(6 * 20 + 0.5), ethereum: { slot: 19, peers: 3 } });
    expect(late["ethereum"]).toEqual({
      network: "dev_net",
      slot: 19,
      epoch: 2,
      slot_index: 3,
      delay_ms: 6500,
      peers: 3,
    });
    const early = place({ "@timestamp": at(6 * 19 - 0.0905), ethereum: { slot: 19 } });
    expect(early["ethereum"]).toMatchObject({ delay_ms: -91 });
  });

  test("by epoch and position, where a line has those", () => {
    const line = place({ "@timestamp": at(0), ethereum: { epoch: 3, slot_index: 4 } });
    expect(line["ethereum"]).toMatchObject({ slot: 28, epoch: 3, slot_index: 4 });
  });

  test("keeps microseconds and heeds the offset", () => {
    const iso = `${at(6).replace(/\.\d+Z$/, "")}.000250Z`;
    expect(place({ "@timestamp": iso })["ethereum"]).toMatchObject({ slot: 1, delay_ms: 0.25 });
    const offset = `${new Date((GENESIS_S + 7200 + 6) * 1000).toISOString().slice(0, 19)}+02:00`;
    expect(place({ "@timestamp": offset })["ethereum"]).toMatchObject({ slot: 1, delay_ms: 0 });
    expect(place({ "@timestamp": (GENESIS_S + 6) * 1000 })["ethereum"]).toMatchObject({ slot: 1 });
  });

  test("has no slot before genesis, and without a time", () => {
    expect(place({ "@timestamp": at(-1) })["ethereum"]).toEqual({ network: "dev_net" });
    expect(place({ "@timestamp": "soon" })["ethereum"]).toEqual({ network: "dev_net" });
    expect(place({})["ethereum"]).toEqual({ network: "dev_net" });
  });

  test("finds the node by label before host, and leaves one that is named", () => {
    const named = (source: JsonObject) => place(source)["observer"];
    expect(named({ labels: { node: "teku-beacon" }, host: { name: "host-1" } })).toEqual({ name: "teku-1" });
    expect(named({ host: { hostname: "host-1" }, observer: { type: "x" } })).toEqual({
      type: "x",
      name: "lighthouse-1",
    });
    expect(named({ host: { name: "host-1" }, observer: { name: "mine" } })).toEqual({ name: "mine" });
    expect(named({ host: { name: "stranger" } })).toBeUndefined();
    expect(named({ tag: { host: "host-1", cpu: "cpu0" } })).toEqual({ name: "lighthouse-1" });
    expect(named({ tag: { host: "host-1", node: "teku-beacon" } })).toEqual({ name: "teku-1" });
  });

  test("replaces nothing that the document says", () => {
    const value = fc.oneof(fc.integer(), fc.constantFrom("x", null, true), fc.constant({ deep: 1 }));
    const source = fc.record(
      {
        "@timestamp": fc.oneof(fc.constant(at(100)), value),
        ethereum: fc.oneof(
          value,
          fc.dictionary(fc.constantFrom("slot", "epoch", "network", "slot_index", "delay_ms"), value),
        ),
        observer: fc.oneof(value, fc.dictionary(fc.constantFrom("name", "type"), value)),
        host: fc.oneof(value, fc.constant({ name: "host-1" })),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(source, (given) => {
        const before = structuredClone(given) as JsonObject;
        const placed = place(given as JsonObject);
        expect(given).toEqual(before);
        const expected = Object.fromEntries(Object.entries(before).filter(([, member]) => member !== null));
        expect(placed).toMatchObject(expected);
      }),
    );
  });
});
