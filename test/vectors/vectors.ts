import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { parseJsonExact } from "../../src/lib/json.ts";

/** One case of go-eth2-client's JSON tests: a text that has to be read as an object, or has to be refused. */
export type Vector = {
  /** The package and the type, such as `phase0 Attestation`. */
  object: string;
  /** The object and the case. */
  name: string;
  text: string;
  mustBeRead: boolean;
};

type Line = { file: string; test: string; case: string; input: string; error: string | null };

export function readVectors(): Vector[] {
  const file = new URL("../data/go-eth2-client-vectors/json-cases.jsonl.gz", import.meta.url);
  const lines = gunzipSync(readFileSync(file)).toString("utf8").trim().split("\n");
  return lines.map((line) => vectorOf(JSON.parse(line) as Line));
}

function vectorOf({ file, test, case: name, input, error }: Line): Vector {
  const object = `${file.split("/").at(-2)} ${test.replace(/^Test/, "").replace(/(?:Unmarshal)?JSON$/, "")}`;
  // These tests' inputs kept the escapes of their Go strings, and their expected errors were lost: SOURCE.txt says more.
  const isScalar = test.endsWith("UnmarshalJSON");
  return {
    object,
    name: `${object} ${name}`,
    text: isScalar ? input.replaceAll('\\"', '"') : input,
    mustBeRead: error === null && !(isScalar && name.startsWith("Invalid")),
  };
}

/** The text as what comes from a node is parsed; undefined for what is no JSON, which ends there. */
export function parsed({ text }: Pick<Vector, "text">): { value: unknown } | undefined {
  try {
    return { value: parseJsonExact(text) };
  } catch {
    return undefined;
  }
}
