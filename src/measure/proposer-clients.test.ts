import { expect, test } from "vitest";
import { readGraffiti } from "../events/block/graffiti.ts";
import { createProposerClients } from "./proposer-clients.ts";

const graffiti = (text: string) => readGraffiti(`0x${Buffer.from(text).toString("hex").padEnd(64, "0")}`);

test("a validator's client is the one that its last graffiti named; one that names none says nothing new", () => {
  const clients = createProposerClients();
  expect(clients.of(7)).toBeUndefined();
  clients.note(7, graffiti("NMa1b2LH3c4d"));
  clients.note(1_500_000, graffiti("Lodestar-v1.2.3"));
  clients.note(9, graffiti("hello"));
  expect([clients.of(7), clients.of(1_500_000), clients.of(9), clients.of(2 ** 30)]).toEqual([
    "Lighthouse",
    "Lodestar",
    undefined,
    undefined,
  ]);
  clients.note(7, graffiti("hello"));
  expect(clients.of(7)).toBe("Lighthouse");
  clients.note(7, graffiti("GE1111TK2222"));
  expect(clients.of(7)).toBe("Teku");
  clients.note(2 ** 40, graffiti("GE1111TK2222"));
  expect(clients.of(2 ** 40)).toBeUndefined();
});
