import { fuluKind } from "./fulu.ts";
import { findGeth } from "./geth.ts";
import { lodestarKind } from "./lodestar.ts";
import type { KindName, NodeKind } from "./node-kind.ts";

/** The kind of nodes of a name. Throws `geth_unfit` when `GETH` of the environment names none that can be used. */
export function kindNamed(
  name: KindName,
  input: { fuluEpoch: number; env: Readonly<Record<string, string | undefined>> },
): NodeKind {
  if (name === "lodestar") return lodestarKind;
  return fuluKind({ fuluEpoch: input.fuluEpoch, geth: findGeth(input.env) });
}
