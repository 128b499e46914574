import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createChain } from "../chain/chain.ts";
import { nameNetwork } from "./network-name.ts";

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "ethmon-network-"));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

const chainOf = (name: string, digit: string) =>
  createChain({
    spec: { CONFIG_NAME: name, SECONDS_PER_SLOT: "12", SLOTS_PER_EPOCH: "32" },
    genesis: { genesis_time: 1_700_000_000, genesis_validators_root: `0x${digit.repeat(64)}` },
  });

test("two networks of one name never mix: the second gets a suffix of its root, and both keep their names", async () => {
  for (let run = 0; run < 2; run += 1) {
    expect((await nameNetwork(directory, chainOf("devnet", "a"))).network).toBe("devnet");
    expect((await nameNetwork(directory, chainOf("devnet", "b"))).network).toBe("devnet_bbbbbbbb");
    expect((await nameNetwork(directory, chainOf("hoodi", "c"))).network).toBe("hoodi");
  }
});
