import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { parseJsonExact } from "../lib/json.ts";
import {
  bytes,
  executionAddress,
  firstIssue,
  kzgCommitment,
  pubkey,
  root,
  signature,
  uint,
  uint64,
  versioned,
} from "./primitives.ts";

const issueOf = (schema: z.ZodType, value: unknown): string | undefined => {
  const parsed = schema.safeParse(value);
  return parsed.success ? undefined : firstIssue(parsed.error);
};

describe("integers", () => {
  test("a uint is read from its decimal string and from a plain integer alike", () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), (value) => {
        expect(uint.parse(String(value))).toBe(value);
        expect(uint.parse(value)).toBe(value);
      }),
    );
  });

  test("a uint beyond 2^53 is refused in clear words, as text and as a number", () => {
    for (const json of ['"9007199254740992"', "9007199254740993", "18446744073709551615", '"18446744073709551615"']) {
      expect(issueOf(z.object({ slot: uint }), { slot: parseJsonExact(json) }), json).toBe("slot is beyond 2^53");
    }
  });

  test.each(["", " 1", "-1", "1.5", "0x10", "1e3", "9".repeat(21), -1, 1.5, true, null, undefined, {}, [1]])(
    "%j is no uint",
    (value) => {
      expect(issueOf(uint, value)).toBe("the data is not an unsigned integer");
      expect(issueOf(uint64, value)).toBeDefined();
    },
  );

  test("a uint64 keeps its whole range as a decimal string", () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
        (value) => uint64.parse(String(value)) === String(value),
      ),
    );
    expect(uint64.parse(parseJsonExact("18446744073709551614"))).toBe("18446744073709551614");
    expect(issueOf(uint64, "18446744073709551616")).toBe("the data is not a uint64");
  });
});

describe("hex", () => {
  const hex = "aB".repeat(32);

  test("roots are compared in lower case", () => {
    expect(root.parse(`0x${hex}`)).toBe(`0x${"ab".repeat(32)}`);
  });

  test.each([hex, `0x${hex}0`, `0x${hex.slice(2)}`, `0x${"zz".repeat(32)}`, "", null, 5])("%j is no root", (value) => {
    expect(issueOf(root, value)).toBeDefined();
  });

  test("lengths are those of the specification", () => {
    expect(issueOf(signature, `0x${"ab".repeat(96)}`)).toBeUndefined();
    expect(issueOf(signature, `0x${"ab".repeat(95)}`)).toBe("the data is not 96 bytes of hex");
    expect(issueOf(kzgCommitment, `0x${"ab".repeat(48)}`)).toBeUndefined();
    expect(issueOf(kzgCommitment, `0x${"ab".repeat(47)}`)).toBe("the data is not 48 bytes of hex");
    expect(issueOf(pubkey, `0x${"ab".repeat(48)}`)).toBeUndefined();
    expect(issueOf(executionAddress, `0x${"ab".repeat(21)}`)).toBe("the data is not 20 bytes of hex");
    expect(issueOf(bytes, "0x")).toBeUndefined();
    expect(issueOf(bytes, "0xa")).toBe("the data is not hex");
  });
});

describe("words for what is wrong", () => {
  const schema = versioned(z.object({ message: z.object({ slot: uint, root }) }));

  test("data with and without their version are read alike", () => {
    const data = { message: { slot: "1", root: `0x${"00".repeat(32)}` } };
    expect(schema.parse({ version: "fulu", data })).toMatchObject({ version: "fulu", data: { message: { slot: 1 } } });
    expect(schema.parse(data)).toMatchObject({ version: undefined, data: { message: { slot: 1 } } });
  });

  test("name the field, through the form of the data that fits best", () => {
    const message = { slot: "-1", root: `0x${"00".repeat(32)}` };
    expect(issueOf(schema, { version: "fulu", data: { message } })).toBe(
      "data.message.slot is not an unsigned integer",
    );
    expect(issueOf(schema, { message })).toBe("message.slot is not an unsigned integer");
  });

  test.each([
    [{}, "version is missing"],
    [[], "the data is not of type object"],
    ["<html>", "the data is not of type object"],
    [{ version: "fulu", data: { message: null } }, "data.message is not of type object"],
    [{ version: "fulu", data: { message: { slot: "1" } } }, "data.message.root is not a root"],
  ])("%j: %s", (value, words) => {
    expect(issueOf(schema, value)).toBe(words);
  });

  test("list what a value could have been", () => {
    expect(issueOf(z.object({ payload_status: z.enum(["empty", "full"]) }), { payload_status: "half" })).toBe(
      "payload_status is none of empty, full",
    );
  });

  test("are ours for anything at all", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(issueOf(schema, value)).not.toMatch(/Invalid|undefined/);
      }),
    );
  });
});
