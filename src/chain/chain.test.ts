import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createChain, networkName } from "./chain.ts";

const MAINNET_GENESIS_S = 1_606_824_023;

const mainnet = {
  CONFIG_NAME: "mainnet",
  SECONDS_PER_SLOT: "12",
  SLOT_DURATION_MS: "12000",
  SLOTS_PER_EPOCH: "32",
  ALTAIR_FORK_EPOCH: "74240",
  BELLATRIX_FORK_EPOCH: "144896",
  CAPELLA_FORK_EPOCH: "194048",
  DENEB_FORK_EPOCH: "269568",
  ELECTRA_FORK_EPOCH: "364032",
  FULU_FORK_EPOCH: "411392",
  GLOAS_FORK_EPOCH: "18446744073709551615",
};

const chainOf = (spec: Record<string, unknown>, genesis_time: string | number = String(MAINNET_GENESIS_S)) =>
  createChain({ spec, genesis: { genesis_time, genesis_validators_root: "0xAB" } });

describe("slots and moments", () => {
  test("Electra's first slot on mainnet began on 2025-05-07 at 10:05:11 UTC", () => {
    const chain = chainOf(mainnet);
    expect(chain.slotStartUs(364_032 * 32)).toBe(Date.parse("2025-05-07T10:05:11Z") * 1000);
  });

  test("every microsecond belongs to exactly one slot, before genesis too", () => {
    const chain = chainOf(mainnet);
    fc.assert(
      fc.property(
        fc.integer({ min: -1_000_000, max: 20_000_000 }),
        fc.integer({ min: 0, max: 11_999_999 }),
        (slot, intoUs) => {
          const momentUs = chain.slotStartUs(slot) + intoUs;
          expect(chain.slotAt(momentUs)).toBe(slot);
          expect(chain.delayMs(slot, momentUs)).toBe(intoUs / 1000);
        },
      ),
    );
  });

  test("epoch and slot index give the slot back", () => {
    fc.assert(
      fc.property(fc.integer({ min: -1000, max: 2 ** 40 }), fc.constantFrom(6, 8, 32), (slot, slotsPerEpoch) => {
        const chain = chainOf({ ...mainnet, SLOTS_PER_EPOCH: String(slotsPerEpoch) });
        const index = chain.slotIndexOf(slot);
        expect(index).toBeGreaterThanOrEqual(0);
        expect(index).toBeLessThan(slotsPerEpoch);
        expect(chain.epochOf(slot) * slotsPerEpoch + index).toBe(slot);
      }),
    );
  });

  test("a block that comes 90 ms before its slot has a delay of -90 ms, not of 49 days", () => {
    const chain = chainOf(mainnet);
    expect(chain.delayMs(100, chain.slotStartUs(100) - 90_000)).toBe(-90);
  });

  test("a delay has microseconds as three decimals and no more", () => {
    const chain = chainOf(mainnet);
    fc.assert(
      fc.property(fc.integer({ min: -20_000_000, max: 80_000_000 }), (intoUs) => {
        const delayMs = chain.delayMs(9_000_000, chain.slotStartUs(9_000_000) + intoUs);
        expect(String(delayMs)).toMatch(/^-?\d+(\.\d{1,3})?$/);
      }),
    );
  });

  test("moments before genesis have negative slots", () => {
    const chain = chainOf(mainnet);
    expect(chain.slotAt(MAINNET_GENESIS_S * 1e6 - 1)).toBe(-1);
    expect(chain.slotAt(MAINNET_GENESIS_S * 1e6)).toBe(0);
  });
});

describe("what a node says of its network", () => {
  test("a specification without SLOT_DURATION_MS has SECONDS_PER_SLOT", () => {
    expect(chainOf({ SECONDS_PER_SLOT: "3", SLOTS_PER_EPOCH: "8" }).slotDurationMs).toBe(3000);
  });

  test("SLOT_DURATION_MS is exact where SECONDS_PER_SLOT cannot be", () => {
    expect(chainOf({ ...mainnet, SLOT_DURATION_MS: "2500", SECONDS_PER_SLOT: "2" }).slotDurationMs).toBe(2500);
  });

  test.each([
    [{}, "1606824023", "SLOT_DURATION_MS"],
    [{ SECONDS_PER_SLOT: "", SLOTS_PER_EPOCH: "32" }, "1606824023", "SLOT_DURATION_MS"],
    [{ SECONDS_PER_SLOT: "-12", SLOTS_PER_EPOCH: "32" }, "1606824023", "SLOT_DURATION_MS"],
    [{ SECONDS_PER_SLOT: "12" }, "1606824023", "SLOTS_PER_EPOCH"],
    [{ SECONDS_PER_SLOT: "12", SLOTS_PER_EPOCH: "0" }, "1606824023", "SLOTS_PER_EPOCH"],
    [{ SECONDS_PER_SLOT: "12", SLOTS_PER_EPOCH: "32.5" }, "1606824023", "SLOTS_PER_EPOCH"],
    [mainnet, "", "genesis_time"],
    [mainnet, "soon", "genesis_time"],
    [mainnet, -5, "genesis_time"],
  ])("what cannot be a network is refused and named: %j, genesis %j", (spec, genesisTime, named) => {
    expect(() => chainOf(spec, genesisTime)).toThrow(named);
  });

  test("the genesis validators root is compared in lower case", () => {
    expect(chainOf(mainnet).genesisValidatorsRoot).toBe("0xab");
  });

  test.each([
    ["mainnet", "mainnet"],
    ["glamsterdam-devnet-5", "glamsterdam_devnet_5"],
    ["Hoodi", "hoodi"],
    ["../../etc, *", "_etc_"],
    ["", "devnet"],
    [undefined, "devnet"],
    [7, "devnet"],
  ])("the network %j is the namespace %s", (configName, namespace) => {
    expect(networkName(configName)).toBe(namespace);
  });

  test("a namespace is short, whatever a node calls its network", () => {
    expect(networkName("x".repeat(1000))).toHaveLength(64);
  });
});
