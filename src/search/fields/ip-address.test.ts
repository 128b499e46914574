import fc from "fast-check";
import { expect, test } from "vitest";
import { cidrDigits, ipDigits, ipText } from "./ip-address.ts";

test.each([
  ["10.0.0.1", "00000000000000000000ffff0a000001", "10.0.0.1"],
  ["::ffff:10.0.0.1", "00000000000000000000ffff0a000001", "10.0.0.1"],
  ["::", "00000000000000000000000000000000", "::"],
  ["::1", "00000000000000000000000000000001", "::1"],
  ["2001:DB8:0:0:1:0:0:1", "20010db8000000000001000000000001", "2001:db8::1:0:0:1"],
  ["fe80::1:2:3:4", "fe800000000000000001000200030004", "fe80::1:2:3:4"],
  ["1:0:2:3:4:5:6:7", "00010000000200030004000500060007", "1:0:2:3:4:5:6:7"],
])("%s is stored as %s and told as %s", (text, digits, told) => {
  expect(ipDigits(text)).toBe(digits);
  expect(ipText(digits)).toBe(told);
});

test.each(["", "10.0.0", "10.0.0.256", "1::2::3", "fe80::1%eth0", "host"])("%s is no address", (text) => {
  expect(ipDigits(text)).toBeUndefined();
});

test("a block has a first and a last address", () => {
  expect(cidrDigits("10.1.2.3/8")).toEqual({ first: ipDigits("10.0.0.0"), last: ipDigits("10.255.255.255") });
  expect(cidrDigits("2001:db8::/127")).toEqual({ first: ipDigits("2001:db8::"), last: ipDigits("2001:db8::1") });
  expect(cidrDigits("0.0.0.0/0")).toEqual({ first: ipDigits("0.0.0.0"), last: ipDigits("255.255.255.255") });
  for (const text of ["10.0.0.0/33", "10.0.0.0", "::/129", "10.0.0.0/8/8", "x/8"])
    expect(cidrDigits(text)).toBeUndefined();
});

test("an address that is told and read again is the same", () => {
  fc.assert(
    fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), (text) => {
      const digits = ipDigits(text) ?? "";
      expect(ipDigits(ipText(digits))).toBe(digits);
    }),
  );
});
