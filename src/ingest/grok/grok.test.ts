import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { searchAllowance } from "../regex/regex.ts";
import { standardPatterns } from "./bank/bank.ts";
import { compileGrok } from "./grok.ts";

const grok = (pattern: string, text: string, definitions?: Record<string, string>) => {
  const values = compileGrok({ pattern, ...(definitions === undefined ? {} : { definitions }) }).match(
    text,
    searchAllowance(),
  );
  return values === undefined ? undefined : Object.fromEntries(values);
};

describe("grok", () => {
  test.each(Object.keys(standardPatterns))("compiles %s of the standard bank", (name) => {
    expect(() => compileGrok({ pattern: `%{${name}:x}` })).not.toThrow();
  });

  test.each([
    ["INT", ["1", "-42", "+7"], ["x", "1.5", ""]],
    ["NUMBER", ["1", "1.5", "-.5"], ["abc", ""]],
    ["BASE16NUM", ["0xff", "FF"], ["xyz"]],
    ["POSINT", ["1", "90"], ["0", "-1"]],
    ["WORD", ["abc_1"], ["a b", "äöü", ""]],
    ["QUOTEDSTRING", ['"a \\" b"', "'x'", '""'], ['"a', "a"]],
    ["UUID", ["123e4567-e89b-12d3-a456-426614174000"], ["123e4567"]],
    ["MAC", ["00:1b:44:11:3a:b7", "00-1B-44-11-3A-B7", "001b.4411.3ab7"], ["00:1b"]],
    ["IPV4", ["192.0.2.10", "255.255.255.255"], ["256.1.1.1", "1.2.3"]],
    [
      "IPV6",
      ["::", "::1", "2001:db8::1", "fe80::1%eth0", "1:2:3:4:5:6:7:8", "::ffff:192.0.2.1", "1::"],
      ["1:2", ":::"],
    ],
    ["HOSTNAME", ["example.org", "a-b"], ["", "-a b"]],
    ["UNIXPATH", ["/var/log/x.log", "/"], ["var"]],
    ["URI", ["https://a.example:8080/x?y=1", "ftp://u:p@h/"], ["nothing"]],
    ["TIMESTAMP_ISO8601", ["2026-11-28T10:00:01.5Z", "2026-11-28 10:00", "2026-11-28T10:00:00+02:00"], ["28.11.2026"]],
    ["SYSLOGTIMESTAMP", ["Nov 28 10:00:00", "Nov  8 10:00:00"], ["28 Nov"]],
    ["HTTPDATE", ["28/Nov/2026:10:00:00 +0100"], ["2026"]],
    ["LOGLEVEL", ["INFO", "warn", "Error", "CRITICAL"], ["LOUD"]],
    ["JAVACLASS", ["org.example.Main$1", "X"], ["1x"]],
    ["EMAILADDRESS", ["a.b+c@example.org"], ["a@@b c"]],
  ] as const)("%s is what its name says", (name, good, bad) => {
    const whole = (text: string) => grok(`\\A%{${name}:x}\\z`, text)?.["x"];
    for (const text of good) expect([text, whole(text)]).toEqual([text, text]);
    for (const text of bad) expect([text, whole(text)]).toEqual([text, undefined]);
  });

  test("reads the lines of Apache and syslog into the Elastic Common Schema", () => {
    const access = '192.0.2.1 - bob [28/Nov/2026:10:00:00 +0000] "GET /x?y=1 HTTP/1.1" 200 2326 "-" "curl/8"';
    expect(grok("%{COMBINEDAPACHELOG}", access)).toEqual({
      "source.address": "192.0.2.1",
      "user.name": "bob",
      timestamp: "28/Nov/2026:10:00:00 +0000",
      "http.request.method": "GET",
      "url.original": "/x?y=1",
      "http.version": "1.1",
      "http.response.status_code": 200,
      "http.response.body.bytes": 2326,
      "user_agent.original": "curl/8",
    });
    expect(grok("%{SYSLOGLINE}", "Nov 28 10:00:00 host-1 geth[42]: Imported")).toEqual({
      timestamp: "Nov 28 10:00:00",
      "host.hostname": "host-1",
      "process.name": "geth",
      "process.pid": 42,
      message: "Imported",
    });
  });

  test("gives captures their types", () => {
    expect(grok("%{INT:a:int} %{NUMBER:b:float} %{WORD:c:boolean} %{INT:d}", "1 2.5 true 4")).toEqual({
      a: 1,
      b: 2.5,
      c: true,
      d: "4",
    });
    expect(grok("%{INT:n:long}", "123456789012345678901")).toEqual({ n: "123456789012345678901" });
  });

  test("takes own patterns before the standard ones, and named groups", () => {
    expect(grok("%{PEER:peer} (?<n.left>\\d+)", "16Uiu 42", { PEER: "16U[a-z]+" })).toEqual({
      peer: "16Uiu",
      "n.left": "42",
    });
    expect(grok("%{WORD:x}", "...", { WORD: "\\.+" })).toEqual({ x: "..." });
  });

  test("gives a field that two branches name the branch that matched", () => {
    expect(grok("(?:a=%{INT:x:int}|b=%{INT:x:int})", "b=2")).toEqual({ x: 2 });
  });

  test.each([
    ["%{NOSUCH}", "Unable to find pattern [NOSUCH] in Grok's pattern dictionary"],
    ["%{INT:a:integer}", "[integer] is no type of grok"],
    ["%{INT:a}(", "unclosed group"],
  ])("refuses %s", (pattern, words) => {
    expect(() => compileGrok({ pattern })).toThrow(words);
  });

  test("refuses circles and what grows without end", () => {
    expect(() => compileGrok({ pattern: "%{A}", definitions: { A: "x%{B}", B: "%{A}" } })).toThrow("A->B->A");
    const doubled = Object.fromEntries(
      Array.from({ length: 30 }, (_, i) => [`P${i}`, `%{P${i + 1}}%{P${i + 1}}`]).concat([["P30", "xx"]]),
    );
    expect(() => compileGrok({ pattern: "%{P0}", definitions: doubled })).toThrow("becomes too long");
  });

  test("ends on any text in bounded time", () => {
    const piece = fc.constantFrom(" ", '"', "\\", "a", "1", ".", ":", "-", "/", "[", "]", "(", "é", "😀");
    const text = fc.string({ unit: piece, minLength: 200, maxLength: 400 });
    const patterns = ["%{COMBINEDAPACHELOG}", "%{SYSLOG5424LINE}", "%{URI:u} %{IPV6:i}$", "%{QUOTEDSTRING:q}x$"].map(
      (pattern) => compileGrok({ pattern }),
    );
    fc.assert(
      fc.property(text, (line) => {
        for (const compiled of patterns) compiled.match(line, searchAllowance());
      }),
      { numRuns: 50 },
    );
  });
});
